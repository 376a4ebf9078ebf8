package dev.statefun.sdk.registry;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * Detects handlers whose messages are validated. As with Bean Validation, the annotation
 * may be on the parameter of a method that the handler overrides.
 */
final class ValidMark {

	/** By name, as Bean Validation may be absent. */
	private static final String VALID = "jakarta.validation.Valid";

	private ValidMark() {
	}

	static boolean isOn(Method handler, int parameter) {
		Method[] siblings = handler.getDeclaringClass().getDeclaredMethods();
		return HandlerMethods.hierarchy(handler.getDeclaringClass())
			.stream()
			.flatMap((level) -> Arrays.stream(level.getDeclaredMethods()))
			.filter((method) -> isMarked(method, parameter))
			.anyMatch((method) -> isSameOrOverridden(method, handler, siblings));
	}

	private static boolean isMarked(Method method, int parameter) {
		return parameter < method.getParameterCount()
				&& Arrays.stream(method.getParameterAnnotations()[parameter]).anyMatch(ValidMark::isValid);
	}

	private static boolean isValid(Annotation annotation) {
		return annotation.annotationType().getName().equals(VALID);
	}

	// A method with type variables is overridden through a bridge method
	private static boolean isSameOrOverridden(Method method, Method handler, Method[] siblings) {
		if (!method.getName().equals(handler.getName())) {
			return false;
		}
		Class<?>[] types = method.getParameterTypes();
		return Arrays.equals(types, handler.getParameterTypes()) || Arrays.stream(siblings)
			.anyMatch((sibling) -> sibling.isBridge() && sibling.getName().equals(handler.getName())
					&& Arrays.equals(types, sibling.getParameterTypes())
					&& HandlerMethods.isAssignable(types, handler.getParameterTypes()));
	}

}
