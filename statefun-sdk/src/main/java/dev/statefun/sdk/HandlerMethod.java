package dev.statefun.sdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

import com.google.protobuf.Any;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.message.UnmappedTypeException;
import org.jspecify.annotations.Nullable;

/**
 * One {@link Handler @Handler} method, resolved at start-up into a method handle that
 * takes object, message, context and states, whatever the order of its parameters. A call
 * reflects never.
 */
final class HandlerMethod {

	private static final MethodType CALL = MethodType.methodType(Object.class, Object.class, Object.class,
			Context.class, PersistedValue[].class);

	private static final MethodHandle STATE_AT = MethodHandles.arrayElementGetter(PersistedValue[].class);

	/** Known types of results that nobody would wait for, by name: they may be absent. */
	private static final Set<String> UNAWAITED = Set.of("org.reactivestreams.Publisher",
			"java.util.concurrent.Flow$Publisher", "java.util.stream.BaseStream");

	private static final String PARAMETERS = "Keep one parameter for the message, "
			+ "besides Context and @Persisted PersistedValue parameters";

	/** Known by name: Bean Validation may be absent, and then nothing is validated. */
	private static final String VALID = "jakarta.validation.Valid";

	private final String description;

	private final List<MessageMapping<?>> messages;

	private final boolean valid;

	private final MethodHandle call;

	private HandlerMethod(String description, List<MessageMapping<?>> messages, boolean valid, MethodHandle call) {
		this.description = description;
		this.messages = messages;
		this.valid = valid;
		this.call = call;
	}

	static HandlerMethod of(Method method, AnnotatedFunction function, DeclaredStates states,
			MessageMappings mappings) {
		String description = describe(method);
		if (Modifier.isStatic(method.getModifiers())) {
			throw invalid(function, description, "is static", "Make it an instance method");
		}
		requireAwaited(method, function, description);
		int messageAt = -1;
		int[] order = new int[1 + method.getParameterCount()];
		int[] stateAt = new int[method.getParameterCount()];
		Arrays.fill(stateAt, -1);
		Parameter[] parameters = method.getParameters();
		for (int i = 0; i < parameters.length; i++) {
			Persisted persisted = parameters[i].getAnnotation(Persisted.class);
			if (persisted != null || parameters[i].getType() == PersistedValue.class) {
				stateAt[i] = states.add(stateOf(parameters[i], persisted, function, description));
				order[1 + i] = 3;
			}
			else if (parameters[i].getType() == Context.class) {
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
		requireReplyable(method.getGenericReturnType(), function, description, mappings);
		List<MessageMapping<?>> messages = messagesOf(parameters[messageAt].getType(), function, description, mappings);
		return new HandlerMethod(description, messages, isMarkedValid(parameters[messageAt]),
				call(method, function, description, order, stateAt));
	}

	private static boolean isMarkedValid(Parameter parameter) {
		return Arrays.stream(parameter.getAnnotations())
			.anyMatch((annotation) -> annotation.annotationType().getName().equals(VALID));
	}

	private static void requireAwaited(Method method, AnnotatedFunction function, String description) {
		Class<?> type = method.getReturnType();
		boolean future = Future.class.isAssignableFrom(type) && !CompletionStage.class.isAssignableFrom(type);
		if (future || isUnawaited(type)) {
			throw invalid(function, description, "returns '" + type.getName() + "', which nobody would wait for",
					"Return void, a value to reply, or a CompletionStage");
		}
	}

	private static boolean isUnawaited(@Nullable Class<?> type) {
		if (type == null) {
			return false;
		}
		return UNAWAITED.contains(type.getName()) || isUnawaited(type.getSuperclass())
				|| Arrays.stream(type.getInterfaces()).anyMatch(HandlerMethod::isUnawaited);
	}

	private static ValueSpec<?> stateOf(Parameter parameter, @Nullable Persisted persisted, AnnotatedFunction function,
			String description) {
		if (persisted == null) {
			throw invalid(function, description, "has a PersistedValue parameter without a name",
					"Put @Persisted(\"<name>\") on it");
		}
		if (parameter.getType() != PersistedValue.class) {
			throw invalid(function, description,
					"has a @Persisted parameter of the type '" + parameter.getType().getName() + "'",
					"Declare it as PersistedValue<" + parameter.getType().getSimpleName() + ">");
		}
		Type type = parameter.getParameterizedType();
		if (!(type instanceof ParameterizedType parameterized)
				|| !(parameterized.getActualTypeArguments()[0] instanceof Class<?> valueType)) {
			throw invalid(function, description, "has a @Persisted parameter of the type '" + type.getTypeName() + "'",
					"Declare it as PersistedValue<T> with a class for T; a collection needs a record around it");
		}
		try {
			return spec(persisted, valueType, function);
		}
		catch (InvalidDeclarationException ex) {
			throw InvalidFunctionException.of(function.origin(), "handler '" + description + "'", ex);
		}
	}

	private static ValueSpec<?> spec(Persisted persisted, Class<?> valueType, AnnotatedFunction function) {
		ValueSpec<?> spec = ValueSpec.of(function.resolve(persisted.value()), valueType);
		String afterWrite = function.resolve(persisted.expireAfterWrite());
		String afterCall = function.resolve(persisted.expireAfterCall());
		String typename = function.resolve(persisted.type());
		if (!afterWrite.isEmpty() && !afterCall.isEmpty()) {
			throw new InvalidDeclarationException(
					"State '" + spec.name() + "' has both 'expireAfterWrite' and 'expireAfterCall'", "Give one of them",
					null);
		}
		if (!afterWrite.isEmpty()) {
			spec = spec.expireAfterWrite(TimeToLive.parse(afterWrite));
		}
		if (!afterCall.isEmpty()) {
			spec = spec.expireAfterCall(TimeToLive.parse(afterCall));
		}
		return typename.isEmpty() ? spec : spec.typename(typename);
	}

	private static List<MessageMapping<?>> messagesOf(Class<?> type, AnnotatedFunction function, String description,
			MessageMappings mappings) {
		if (type == Any.class) {
			return List.of();
		}
		try {
			return mapped(type, mappings);
		}
		catch (InvalidDeclarationException ex) {
			throw InvalidFunctionException.of(function.origin(), "handler '" + description + "'", ex);
		}
	}

	// A sealed type that is no message type itself is the union of what it permits
	private static List<MessageMapping<?>> mapped(Class<?> type, MessageMappings mappings) {
		try {
			return List.of(mappings.of(type));
		}
		catch (UnmappedTypeException ex) {
			if (!type.isSealed()) {
				throw ex;
			}
			List<MessageMapping<?>> union = new ArrayList<>();
			for (Class<?> permitted : type.getPermittedSubclasses()) {
				union.addAll(mapped(permitted, mappings));
			}
			return List.copyOf(union);
		}
	}

	// What can be known of a result before there is one: that its class can be sent
	private static void requireReplyable(Type result, AnnotatedFunction function, String description,
			MessageMappings mappings) {
		if (result instanceof ParameterizedType parameterized && parameterized.getRawType() instanceof Class<?> raw
				&& (raw == Optional.class || CompletionStage.class.isAssignableFrom(raw))) {
			requireReplyable(parameterized.getActualTypeArguments()[0], function, description, mappings);
		}
		else if (result instanceof Class<?> type && type != void.class && type != Void.class && type != Object.class
				&& type != Optional.class && !CompletionStage.class.isAssignableFrom(type)
				&& (type.isPrimitive() || !Modifier.isAbstract(type.getModifiers()))) {
			try {
				mappings.of(type);
			}
			catch (InvalidDeclarationException ex) {
				throw InvalidFunctionException.of(function.origin(), "result of handler '" + description + "'", ex);
			}
		}
	}

	private static MethodHandle call(Method method, AnnotatedFunction function, String description, int[] order,
			int[] stateAt) {
		try {
			Method callable = function.callable(method);
			callable.setAccessible(true);
			MethodHandle handle = MethodHandles.lookup().unreflect(callable).asFixedArity();
			for (int i = 0; i < stateAt.length; i++) {
				if (stateAt[i] >= 0) {
					handle = MethodHandles.filterArguments(handle, 1 + i,
							MethodHandles.insertArguments(STATE_AT, 1, stateAt[i]));
				}
			}
			// With every parameter of the general type, unboxing included, the order can
			// change
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

	private static InvalidFunctionException invalid(AnnotatedFunction function, String description, String problem,
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

	// None for a handler that takes what no other handler takes
	List<MessageMapping<?>> messages() {
		return this.messages;
	}

	String description() {
		return this.description;
	}

	// Whether messages have to be valid
	boolean isValidated() {
		return this.valid;
	}

	@Nullable Object invoke(Object instance, Object message, InvocationContext context) throws Throwable {
		return (Object) this.call.invokeExact(instance, message, (Context) context, context.states());
	}

}
