package dev.statefun.sdk.registry;

import java.lang.reflect.Type;
import java.util.List;

import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionType;

/**
 * Describes a registered function, for people and tools.
 *
 * @param type type of the function
 * @param origin what declared it: a class or bean, in words
 * @param handlers its handlers by message type
 * @param states its states
 * @since 0.1.0
 */
public record FunctionDescriptor(FunctionType type, String origin, List<HandlerDescriptor> handlers,
		List<StateDescriptor> states) {

	/**
	 * Create a descriptor.
	 * @param type type of the function
	 * @param origin what declared it: a class or bean, in words
	 * @param handlers its handlers by message type
	 * @param states its states
	 */
	public FunctionDescriptor {
		handlers = List.copyOf(handlers);
		states = List.copyOf(states);
	}

	/**
	 * Describes a handler.
	 *
	 * @param typename type of the messages it takes, or {@code *} for all that no other
	 * handler takes
	 * @param messageType the Java type of those messages; {@code Any} for all
	 * @param method the method, in words
	 */
	public record HandlerDescriptor(String typename, Type messageType, String method) {

	}

	/**
	 * Describes a state.
	 *
	 * @param name name of the state
	 * @param typename type of its value on the wire
	 * @param valueType Java type of its value
	 * @param expiration when it expires
	 */
	public record StateDescriptor(String name, String typename, Type valueType, Expiration expiration) {

	}

}
