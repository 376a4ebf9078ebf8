package dev.statefun.spring.boot.autoconfigure.aot;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.google.protobuf.GeneratedMessage;
import dev.statefun.sdk.message.MessageType;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;

/**
 * Registers the hints for reading, writing and validating messages and states of a type.
 */
final class MessageHints {

	private final ReflectionHints hints;

	private final @Nullable ClassLoader classLoader;

	private final ProtobufHints protobuf;

	private final BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();

	private final Set<Class<?>> seen = new HashSet<>();

	private final Set<Class<?>> bound = new HashSet<>();

	private @Nullable ConstraintHints constraints;

	MessageHints(ReflectionHints hints, @Nullable ClassLoader classLoader) {
		this.hints = hints;
		this.classLoader = classLoader;
		this.protobuf = new ProtobufHints(hints, classLoader);
	}

	/**
	 * Register a type of messages or states, with its type arguments.
	 * @param type the type
	 */
	void register(ResolvableType type) {
		register(type.resolve(Object.class));
		registerContent(type);
	}

	private void registerContent(ResolvableType type) {
		for (ResolvableType argument : type.getGenerics()) {
			bind(argument.resolve(Object.class));
			registerContent(argument);
		}
	}

	/**
	 * Register a type of messages or states. Nothing is registered for primitive types,
	 * nor for types that only a codec of the application knows.
	 * @param type the type
	 */
	void register(Class<?> type) {
		if (!this.seen.add(type)) {
			return;
		}
		if (GeneratedMessage.class.isAssignableFrom(type)) {
			this.protobuf.register(type.asSubclass(GeneratedMessage.class));
			return;
		}
		MergedAnnotation<MessageType> mark = MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY)
			.get(MessageType.class);
		if (mark.getSource() instanceof Class<?> marked) {
			bind(marked);
			bind(type);
		}
		else if (type.isSealed()) {
			this.hints.registerType(type);
			for (Class<?> permitted : type.getPermittedSubclasses()) {
				register(permitted);
			}
		}
	}

	/**
	 * Register a type whose messages have to be valid.
	 * @param type the type
	 */
	void registerValidated(Class<?> type) {
		if (this.constraints == null) {
			this.constraints = new ConstraintHints(this.hints);
		}
		this.constraints.register(type);
	}

	// Spring follows the properties of a type, but not their possible subtypes
	private void bind(Class<?> type) {
		// A class within a method has no canonical name to bind
		if (type.getCanonicalName() == null || !this.bound.add(type)) {
			return;
		}
		this.binding.registerReflectionHints(this.hints, type);
		RuntimeHints reached = new RuntimeHints();
		this.binding.registerReflectionHints(reached.reflection(), type);
		reached.reflection()
			.typeHints()
			.map((hint) -> ClassUtils.resolveClassName(hint.getType().getName(), this.classLoader))
			.flatMap((reachable) -> kinds(reachable).stream())
			.forEach(this::bind);
	}

	private Set<Class<?>> kinds(Class<?> type) {
		Set<Class<?>> kinds = new LinkedHashSet<>();
		if (type.isSealed() && !type.isEnum() && !type.getName().startsWith("java.")) {
			kinds.addAll(List.of(type.getPermittedSubclasses()));
		}
		if (ClassUtils.isPresent("com.fasterxml.jackson.annotation.JsonSubTypes", this.classLoader)) {
			kinds.addAll(Jackson.kinds(type));
		}
		return kinds;
	}

	/**
	 * Jackson's annotations, which may be absent.
	 */
	private static final class Jackson {

		private static Set<Class<?>> kinds(Class<?> type) {
			Set<Class<?>> kinds = new LinkedHashSet<>();
			JsonSubTypes subTypes = type.getAnnotation(JsonSubTypes.class);
			if (subTypes != null) {
				for (JsonSubTypes.Type subType : subTypes.value()) {
					kinds.add(subType.value());
				}
			}
			return kinds;
		}

	}

}
