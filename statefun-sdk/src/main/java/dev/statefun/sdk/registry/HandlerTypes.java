package dev.statefun.sdk.registry;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.StateDeclarationReader;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.message.UnmappedTypeException;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the types of a handler's message, states and result in the context of the
 * handler's class. Types without a mapping are refused at start-up.
 */
final class HandlerTypes {

	/** Types of results that are never awaited. By name, as they may be absent. */
	private static final Set<String> UNAWAITED = Set.of("org.reactivestreams.Publisher",
			"java.util.concurrent.Flow$Publisher", "java.util.stream.BaseStream",
			"io.reactivex.rxjava3.core.SingleSource", "io.reactivex.rxjava3.core.MaybeSource",
			"io.reactivex.rxjava3.core.CompletableSource", "io.reactivex.rxjava3.core.ObservableSource",
			"io.smallrye.mutiny.Uni", "kotlinx.coroutines.Job", "kotlinx.coroutines.flow.Flow");

	/** Type of the parameter that the Kotlin compiler adds to suspend functions. */
	private static final String CONTINUATION = "kotlin.coroutines.Continuation";

	static final String UNIT = "kotlin.Unit";

	private final FunctionSource function;

	private final String description;

	private final DeclaredTypes types;

	private final MessageMappings mappings;

	private final StateDeclarationReader states;

	HandlerTypes(FunctionSource function, String description, DeclaredTypes types, MessageMappings mappings) {
		this.function = function;
		this.description = description;
		this.types = types;
		this.mappings = mappings;
		this.states = new StateDeclarationReader(function::resolve);
	}

	void requireNotSuspending(List<HandlerParameter> parameters) {
		for (HandlerParameter parameter : parameters) {
			if (parameter.type().getName().equals(CONTINUATION)) {
				throw invalid("is a suspend function",
						"Make it a function without 'suspend'; with kotlinx-coroutines it may return future { }, "
								+ "which is a CompletableFuture");
			}
		}
	}

	// Empty for a handler of messages that have no other handler
	List<MessageMapping<?>> messages(HandlerParameter parameter) {
		if (parameter.type() == Any.class) {
			return List.of();
		}
		try {
			return mapped(this.types.resolve(parameter.genericType()));
		}
		catch (InvalidDeclarationException ex) {
			throw InvalidFunctionException.of(this.function.origin(), "handler '" + this.description + "'", ex);
		}
	}

	private List<MessageMapping<?>> mapped(Type type) {
		return MessageUnion.of(type, this.types, this.mappings);
	}

	ValueSpec<?> state(HandlerParameter parameter, @Nullable Persisted persisted) {
		if (persisted == null) {
			throw invalid("has a PersistedValue parameter without a name", "Put @Persisted(\"<name>\") on it");
		}
		if (persisted.value().isEmpty()) {
			throw invalid("has a @Persisted parameter without a name",
					"Give the name, @Persisted(\"<name>\"); only components of records have a default");
		}
		if (parameter.type() != PersistedValue.class) {
			throw invalid("has a @Persisted parameter of the type '" + parameter.type().getName() + "'",
					"Declare it as PersistedValue<" + parameter.type().getSimpleName() + ">");
		}
		if (!(parameter.genericType() instanceof ParameterizedType type)) {
			throw invalid("has a @Persisted parameter of the type '" + parameter.type().getName() + "'",
					"Declare it as PersistedValue<T> with a type for T");
		}
		try {
			return this.states.state(persisted, valueType(type, persisted));
		}
		catch (InvalidDeclarationException ex) {
			throw InvalidFunctionException.of(this.function.origin(), "handler '" + this.description + "'", ex);
		}
	}

	private Type valueType(ParameterizedType parameter, Persisted persisted) {
		try {
			return this.types.resolve(parameter.getActualTypeArguments()[0]);
		}
		catch (InvalidDeclarationException ex) {
			throw new InvalidDeclarationException("state '" + persisted.value() + "': " + ex.problem(), ex.action(),
					ex);
		}
	}

	// Whether a parameter is a record that declares states
	boolean isStateRecord(HandlerParameter parameter) {
		return StateDeclarationReader.isStateRecord(classOf(parameter));
	}

	// A type that can't be resolved is refused when it is used
	private Class<?> classOf(HandlerParameter parameter) {
		try {
			return DeclaredTypes.classOf(this.types.resolve(parameter.genericType()));
		}
		catch (InvalidDeclarationException ex) {
			return parameter.type();
		}
	}

	StateRecord stateRecord(HandlerParameter parameter, DeclaredStates declared) {
		Class<?> record = classOf(parameter);
		if (parameter.annotation(Persisted.class) != null) {
			throw invalid("has @Persisted on a parameter of the record '" + record.getName() + "'",
					"Put it on the components of the record instead");
		}
		try {
			List<ValueSpec<?>> specs = this.states.states(this.types.resolve(parameter.genericType()));
			return StateRecord.of(record, specs.stream().mapToInt(declared::add).toArray());
		}
		catch (InvalidDeclarationException ex) {
			throw InvalidFunctionException.of(this.function.origin(), "handler '" + this.description + "'", ex);
		}
	}

	/**
	 * Return the types of the replies, after a check that all results can be sent as such
	 * and that a stage is awaited.
	 * @param method the handler
	 * @return the types; empty if there are none, or if only a result itself has the type
	 */
	List<Type> replies(Method method) {
		Type result = method.getGenericReturnType();
		Class<?> type = DeclaredTypes.classOf(result);
		if (CompletionStage.class.isAssignableFrom(type)) {
			result = this.types.argument(result, CompletionStage.class);
		}
		if (result != null && DeclaredTypes.classOf(result) == Optional.class) {
			result = this.types.argument(result, Optional.class);
		}
		return (result != null) ? replies(result) : List.of();
	}

	private List<Type> replies(Type result) {
		try {
			Class<?> type = DeclaredTypes.classOf(result);
			if (isUnawaited(type) || Future.class.isAssignableFrom(type)) {
				throw new InvalidDeclarationException("'" + type.getName() + "' is never waited for",
						"Return void, a value to reply, an Optional or a CompletionStage of one", null);
			}
			if (isEmpty(type) || isTypeOfResultOnly(type)) {
				return List.of();
			}
			List<Type> replies = new ArrayList<>();
			for (MessageMapping<?> mapping : mapped(this.types.resolve(result))) {
				replies.add(mapping.codec().type());
			}
			return List.copyOf(replies);
		}
		catch (UnmappedTypeException ex) {
			throw InvalidFunctionException.of(this.function.origin(), "result of handler '" + this.description + "'",
					new InvalidDeclarationException(ex.problem(),
							ex.action() + ". Return 'Object' if only the result itself tells its type", ex));
		}
		catch (InvalidDeclarationException ex) {
			throw InvalidFunctionException.of(this.function.origin(), "result of handler '" + this.description + "'",
					ex);
		}
	}

	private static boolean isEmpty(Class<?> type) {
		return type == void.class || type == Void.class || type.getName().equals(UNIT);
	}

	// Whether only the result itself has the type of the reply
	private static boolean isTypeOfResultOnly(Class<?> type) {
		return type == Object.class || Message.class.isAssignableFrom(type) && Modifier.isAbstract(type.getModifiers());
	}

	private static boolean isUnawaited(@Nullable Class<?> type) {
		if (type == null) {
			return false;
		}
		for (Class<?> implemented : type.getInterfaces()) {
			if (isUnawaited(implemented)) {
				return true;
			}
		}
		return UNAWAITED.contains(type.getName()) || isUnawaited(type.getSuperclass());
	}

	private InvalidFunctionException invalid(String problem, String action) {
		return new InvalidFunctionException(this.function.origin(), "handler '" + this.description + "' " + problem,
				action, null);
	}

}
