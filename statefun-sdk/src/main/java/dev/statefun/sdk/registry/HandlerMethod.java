package dev.statefun.sdk.registry;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
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
 * A {@link Handler @Handler} method, resolved at start-up to a method handle that takes
 * object, message, context and states, whatever the order of its parameters. Invocation
 * does not use reflection.
 */
final class HandlerMethod {

	private static final MethodType CALL = MethodType.methodType(Object.class, Object.class, Object.class,
			Context.class, PersistedValue[].class);

	private static final String PARAMETERS = "Keep one parameter for the message, besides Context, Timers, @Header, "
			+ "@Persisted PersistedValue parameters and records of PersistedValue components";

	private final String description;

	private final List<MessageMapping<?>> messages;

	private final List<Type> replyTypes;

	private final List<String> requiredHeaders;

	private final boolean valid;

	private final MethodHandle call;

	private HandlerMethod(String description, List<MessageMapping<?>> messages, List<Type> replyTypes,
			List<String> requiredHeaders, boolean valid, MethodHandle call) {
		this.description = description;
		this.messages = messages;
		this.replyTypes = replyTypes;
		this.requiredHeaders = List.copyOf(requiredHeaders);
		this.valid = valid;
		this.call = call;
	}

	static HandlerMethod of(Method method, FunctionSource function, DeclaredTypes declaredTypes, DeclaredStates states,
			MessageMappings mappings) {
		String description = describe(method);
		if (Modifier.isStatic(method.getModifiers())) {
			throw invalid(function, description, "is static", "Make it an instance method");
		}
		HandlerTypes types = new HandlerTypes(function, description, declaredTypes, mappings);
		types.requireNotSuspending(method.getParameters());
		int messageAt = -1;
		int[] order = new int[1 + method.getParameterCount()];
		@Nullable MethodHandle[] arguments = new MethodHandle[method.getParameterCount()];
		List<String> requiredHeaders = new ArrayList<>();
		Parameter[] parameters = method.getParameters();
		for (int i = 0; i < parameters.length; i++) {
			Persisted persisted = parameters[i].getAnnotation(Persisted.class);
			if (types.isStateRecord(parameters[i])) {
				arguments[i] = types.stateRecord(parameters[i], states).constructor();
				order[1 + i] = 3;
			}
			else if (persisted != null || parameters[i].getType() == PersistedValue.class) {
				arguments[i] = StateRecord.stateAt(states.add(types.state(parameters[i], persisted)));
				order[1 + i] = 3;
			}
			else if (parameters[i].getType() == Context.class) {
				order[1 + i] = 2;
			}
			else if (TimersParameter.isTimers(parameters[i])) {
				states.addTimers();
				arguments[i] = TimersParameter.reader();
				order[1 + i] = 2;
			}
			else if (HeaderParameter.isHeader(parameters[i])) {
				arguments[i] = HeaderParameter.reader(parameters[i], function, description);
				HeaderParameter.requiredKey(parameters[i], function).ifPresent(requiredHeaders::add);
				order[1 + i] = 2;
			}
			else if (messageAt < 0) {
				messageAt = i;
				order[1 + i] = 1;
			}
			else {
				throw invalid(function, description,
						"has two parameters that could be the message, of the types '"
								+ parameters[messageAt].getType().getName() + "' and '"
								+ parameters[i].getType().getName() + "'",
						PARAMETERS);
			}
		}
		if (messageAt < 0) {
			throw invalid(function, description, "has no parameter for the message", PARAMETERS);
		}
		List<Type> replyTypes = types.replies(method);
		return new HandlerMethod(description, types.messages(parameters[messageAt]), replyTypes, requiredHeaders,
				ValidMark.isOn(method, messageAt), call(method, function, description, order, arguments));
	}

	private static MethodHandle call(Method method, FunctionSource function, String description, int[] order,
			@Nullable MethodHandle[] arguments) {
		try {
			Method callable = function.callable(method);
			callable.setAccessible(true);
			MethodHandle handle = MethodHandles.lookup().unreflect(callable).asFixedArity();
			for (int i = 0; i < arguments.length; i++) {
				MethodHandle argument = arguments[i];
				if (argument != null) {
					Class<?> parameter = handle.type().parameterType(1 + i);
					handle = MethodHandles.filterArguments(handle, 1 + i,
							argument.asType(argument.type().changeReturnType(parameter)));
				}
			}
			// Parameters of general types, which include unboxing, can be reordered
			MethodType general = handle.type().changeReturnType(Object.class);
			for (int i = 0; i < order.length; i++) {
				general = general.changeParameterType(i, CALL.parameterType(order[i]));
			}
			return MethodHandles.permuteArguments(handle.asType(general), CALL, order);
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
		return (Object) this.call.invokeExact(instance, message, incoming.context(), incoming.states());
	}

}
