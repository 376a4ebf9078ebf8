package dev.statefun.sdk.registry;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * Finds out whether a handler asks for valid messages. As with Bean Validation, the mark
 * may stand on the parameter of a method that the handler overrides.
 */
final class ValidMark {

	/** Known by name: Bean Validation may be absent, and its annotation with it. */
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

	// One with type variables is overridden by way of a bridge
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
