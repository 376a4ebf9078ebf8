package dev.statefun.sdk.registry;

import java.lang.reflect.Type;
import java.util.List;

import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionType;

/**
 * Description of a registered function, for reports and tools.
 *
 * @param type type of the function
 * @param origin description of the class or bean that declares it
 * @param handlers its handlers by message type
 * @param states its states
 * @since 0.1.0
 */
public record FunctionDescriptor(FunctionType type, String origin, List<HandlerDescriptor> handlers,
		List<StateDescriptor> states) {

	/**
	 * Create a descriptor.
	 * @param type type of the function
	 * @param origin description of the class or bean that declares it
	 * @param handlers its handlers by message type
	 * @param states its states
	 */
	public FunctionDescriptor {
		handlers = List.copyOf(handlers);
		states = List.copyOf(states);
	}

	/**
	 * Description of a handler.
	 *
	 * @param typename type of its messages, or {@code *} for all that have no other
	 * handler
	 * @param messageType the Java type of those messages; {@code Any} for all
	 * @param method description of the method
	 * @param replyTypes the Java types of which its result is one; empty if it returns
	 * none, or if only the result itself has the type of the reply
	 */
	public record HandlerDescriptor(String typename, Type messageType, String method, List<Type> replyTypes) {

		/**
		 * Create a descriptor.
		 * @param typename type of its messages, or {@code *}
		 * @param messageType the Java type of those messages
		 * @param method description of the method
		 * @param replyTypes the Java types of which its result is one
		 */
		public HandlerDescriptor {
			replyTypes = List.copyOf(replyTypes);
		}

	}

	/**
	 * Description of a state.
	 *
	 * @param name name of the state
	 * @param typename type of its value on the wire
	 * @param valueType Java type of its value
	 * @param expiration its expiration
	 */
	public record StateDescriptor(String name, String typename, Type valueType, Expiration expiration) {

	}

}
