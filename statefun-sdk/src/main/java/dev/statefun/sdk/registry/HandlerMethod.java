package dev.statefun.sdk.registry;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.message.MessageMappings;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Handler @Handler} method, resolved and checked at start-up. Invocation does
 * not use reflection.
 */
final class HandlerMethod {

	private static final String PARAMETERS = "Keep one parameter for the message, besides Context, Timers, @Header, "
			+ "@Persisted PersistedValue parameters and records of PersistedValue components";

	private final String description;

	private final List<MessageMapping<?>> messages;

	private final List<Type> replyTypes;

	private final List<String> requiredHeaders;

	private final boolean valid;

	private final HandlerTable table;

	private final int call;

	private HandlerMethod(String description, List<MessageMapping<?>> messages, List<Type> replyTypes,
			List<String> requiredHeaders, boolean valid, HandlerTable table, HandlerCall call) {
		this.description = description;
		this.messages = messages;
		this.replyTypes = replyTypes;
		this.requiredHeaders = List.copyOf(requiredHeaders);
		this.valid = valid;
		this.table = table;
		this.call = table.add(call);
	}

	static HandlerMethod of(Method method, FunctionSource function, DeclaredTypes declaredTypes, DeclaredStates states,
			MessageMappings mappings, HandlerTables tables) {
		String description = describe(method);
		if (Modifier.isStatic(method.getModifiers())) {
			throw invalid(function, description, "is static", "Make it an instance method");
		}
		HandlerTypes types = new HandlerTypes(function, description, declaredTypes, mappings);
		List<HandlerParameter> parameters = HandlerParameter.of(method);
		types.requireNotSuspending(parameters);
		int messageAt = -1;
		int[] order = new int[1 + parameters.size()];
		@Nullable MethodHandle[] arguments = new MethodHandle[parameters.size()];
		List<String> requiredHeaders = new ArrayList<>();
		for (int i = 0; i < parameters.size(); i++) {
			HandlerParameter parameter = parameters.get(i);
			Persisted persisted = parameter.annotation(Persisted.class);
			if (types.isStateRecord(parameter)) {
				arguments[i] = types.stateRecord(parameter, states).constructor();
				order[1 + i] = HandlerCall.STATES;
			}
			else if (persisted != null || parameter.type() == PersistedValue.class) {
				arguments[i] = StateRecord.stateAt(states.add(types.state(parameter, persisted)));
				order[1 + i] = HandlerCall.STATES;
			}
			else if (parameter.type() == Context.class) {
				order[1 + i] = HandlerCall.CONTEXT;
			}
			else if (TimersParameter.isTimers(parameter)) {
				states.addTimers();
				arguments[i] = TimersParameter.reader();
				order[1 + i] = HandlerCall.CONTEXT;
			}
			else if (HeaderParameter.isHeader(parameter)) {
				arguments[i] = HeaderParameter.reader(parameter, function, description);
				HeaderParameter.requiredKey(parameter, function).ifPresent(requiredHeaders::add);
				order[1 + i] = HandlerCall.CONTEXT;
			}
			else if (messageAt < 0) {
				messageAt = i;
				order[1 + i] = HandlerCall.MESSAGE;
			}
			else {
				throw invalid(function, description, "has two parameters that could be the message, of the types '"
						+ parameters.get(messageAt).type().getName() + "' and '" + parameter.type().getName() + "'",
						PARAMETERS);
			}
		}
		if (messageAt < 0) {
			throw invalid(function, description, "has no parameter for the message", PARAMETERS);
		}
		List<Type> replyTypes = types.replies(method);
		return new HandlerMethod(description, types.messages(parameters.get(messageAt)), replyTypes, requiredHeaders,
				ValidMark.isOn(method, messageAt, parameters.get(messageAt)), tables.withRoom(),
				call(method, function, description, order, arguments));
	}

	private static HandlerCall call(Method method, FunctionSource function, String description, int[] order,
			@Nullable MethodHandle[] arguments) {
		try {
			Method callable = function.callable(method);
			callable.setAccessible(true);
			return new HandlerCall(MethodHandles.lookup().unreflect(callable), order, arguments);
		}
		catch (UncallableMethodException ex) {
			throw invalid(function, description, "can't be called: " + ex.problem(), ex.action());
		}
		catch (IllegalAccessException | RuntimeException ex) {
			throw new InvalidFunctionException(function.origin(),
					"handler '" + description + "' can't be called: " + ex.getMessage(),
					"Make the class and the method accessible", ex);
		}
	}

	private static InvalidFunctionException invalid(FunctionSource function, String description, String problem,
			String action) {
		return new InvalidFunctionException(function.origin(), "handler '" + description + "' " + problem, action,
				null);
	}

	private static String describe(Method method) {
		Class<?> declaring = method.getDeclaringClass();
		String className = declaring.isAnonymousClass() ? declaring.getName() : declaring.getSimpleName();
		StringBuilder text = new StringBuilder(className).append('.').append(method.getName()).append('(');
		String separator = "";
		for (Class<?> type : method.getParameterTypes()) {
			text.append(separator).append(type.getSimpleName());
			separator = ", ";
		}
		return text.append(')').toString();
	}

	// Empty for a handler of messages that have no other handler
	List<MessageMapping<?>> messages() {
		return this.messages;
	}

	// Empty if only the result itself has the type of the reply, or there is none
	List<Type> replyTypes() {
		return this.replyTypes;
	}

	// Keys of the headers without which a message is not valid
	List<String> requiredHeaders() {
		return this.requiredHeaders;
	}

	String description() {
		return this.description;
	}

	// Whether messages are validated
	boolean isValidated() {
		return this.valid;
	}

	@Nullable Object invoke(Object instance, Object message, IncomingMessage incoming) throws Throwable {
		return this.table.invoke(this.call, instance, message, incoming.context(), incoming.states());
	}

}
