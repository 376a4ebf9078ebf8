package dev.statefun.sdk.registry;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

/**
 * Detects handlers whose messages are validated. As with Bean Validation, the annotation
 * may be on the parameter of a method that the handler overrides.
 */
final class ValidMark {

	/** By name, as Bean Validation may be absent. */
	private static final String VALID = "jakarta.validation.Valid";

	private ValidMark() {
	}

	static boolean isOn(Method handler, int position, HandlerParameter parameter) {
		if (containsValid(parameter.annotations())) {
			return true;
		}
		Method[] siblings = handler.getDeclaringClass().getDeclaredMethods();
		for (Class<?> level : HandlerMethods.hierarchy(handler.getDeclaringClass())) {
			for (Method method : level.getDeclaredMethods()) {
				if (!method.equals(handler) && isSameOrOverridden(method, handler, siblings)
						&& containsValid(List.of(method.getParameterAnnotations()[position]))) {
					return true;
				}
			}
		}
		return false;
	}

	private static boolean containsValid(List<Annotation> annotations) {
		for (Annotation annotation : annotations) {
			if (annotation.annotationType().getName().equals(VALID)) {
				return true;
			}
		}
		return false;
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
