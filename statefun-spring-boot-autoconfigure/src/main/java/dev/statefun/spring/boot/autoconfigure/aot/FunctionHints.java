package dev.statefun.spring.boot.autoconfigure.aot;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.StateDeclarationReader;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.egress.Egress;

import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Registers the hints for finding and calling the handlers of a class.
 */
final class FunctionHints {

	private static final String UNTYPED_HANDLER = "handle/2";

	/** Types of static fields that declare a type of messages or records. */
	private static final Set<Class<?>> DECLARED = Set.of(Target.class, Egress.class);

	/** Creates the argument for a parameter. */
	private static final Method TIMERS = ClassUtils.getMethod(Timers.class, "of", Context.class);

	private static final String VALID = "jakarta.validation.Valid";

	private final ReflectionHints hints;

	private final MessageHints messages;

	FunctionHints(ReflectionHints hints, MessageHints messages) {
		this.hints = hints;
		this.messages = messages;
	}

	/**
	 * Register a class whose bean is a function.
	 * @param handlerClass the class
	 * @return whether it has any handler
	 */
	boolean register(Class<?> handlerClass) {
		Set<Class<?>> levels = levels(handlerClass);
		Set<String> handlers = new HashSet<>();
		for (Class<?> level : levels) {
			this.hints.registerType(level);
			Arrays.stream(level.getDeclaredFields())
				.filter((field) -> Modifier.isStatic(field.getModifiers()) && DECLARED.contains(field.getType()))
				.forEach(this::register);
			Arrays.stream(level.getDeclaredMethods())
				.filter((method) -> method.isAnnotationPresent(Handler.class))
				.forEach((method) -> handlers.add(key(method)));
		}
		if (FunctionHandler.class.isAssignableFrom(handlerClass)) {
			handlers.add(UNTYPED_HANDLER);
		}
		// Includes methods that override, bridge or declare a handler: a proxy decides
		// which one is called
		for (Class<?> level : levels) {
			Arrays.stream(level.getDeclaredMethods())
				.filter((method) -> handlers.contains(key(method)))
				.forEach((method) -> register(method, handlerClass));
		}
		return !handlers.isEmpty();
	}

	private static Set<Class<?>> levels(Class<?> type) {
		Set<Class<?>> levels = new LinkedHashSet<>();
		for (Class<?> level = type; level != null && level != Object.class; level = level.getSuperclass()) {
			levels.add(level);
		}
		levels.addAll(ClassUtils.getAllInterfacesForClassAsSet(type));
		return levels;
	}

	private static String key(Method method) {
		return method.getName() + '/' + method.getParameterCount();
	}

	private void register(Field declaration) {
		this.hints.registerField(declaration);
		this.messages.register(ResolvableType.forField(declaration).getGeneric());
	}

	private void register(Method method, Class<?> handlerClass) {
		this.hints.registerMethod(method, ExecutableMode.INVOKE);
		for (int i = 0; i < method.getParameterCount(); i++) {
			ResolvableType parameter = ResolvableType.forMethodParameter(method, i, handlerClass);
			Class<?> type = parameter.resolve(Object.class);
			if (type.isRecord()) {
				registerComponents(type);
			}
			if (type == PersistedValue.class) {
				this.messages.register(parameter.getGeneric());
			}
			else if (type == Timers.class) {
				this.hints.registerMethod(TIMERS, ExecutableMode.INVOKE);
			}
			else if (StateDeclarationReader.isStateRecord(type)) {
				registerStates(parameter, type);
			}
			else if (type != Context.class) {
				this.messages.register(parameter);
				if (Arrays.stream(method.getParameterAnnotations()[i])
					.anyMatch((annotation) -> annotation.annotationType().getName().equals(VALID))) {
					this.messages.registerValidated(type);
				}
			}
		}
		registerResult(ResolvableType.forMethodReturnType(method, handlerClass));
	}

	// The components of each record are examined, whether they are states or not. A
	// native executable lists them only if it knows all their accessors
	private void registerComponents(Class<?> record) {
		this.hints.registerType(record);
		for (RecordComponent component : record.getRecordComponents()) {
			this.hints.registerMethod(component.getAccessor(), ExecutableMode.INVOKE);
		}
	}

	private void registerStates(ResolvableType record, Class<?> type) {
		this.hints.registerType(type, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
		for (RecordComponent component : type.getRecordComponents()) {
			this.messages.register(ResolvableType.forType(component.getGenericType(), record).getGeneric());
		}
	}

	private void registerResult(ResolvableType result) {
		Class<?> type = result.resolve(Object.class);
		if (type == Optional.class || CompletionStage.class.isAssignableFrom(type)) {
			if (result.hasGenerics()) {
				registerResult(result.getGeneric());
			}
		}
		else {
			this.messages.register(result);
		}
	}

}
