package dev.statefun.sdk.registry;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.statefun.sdk.Handler;

/**
 * Finds the {@link Handler @Handler} methods of a class, its superclasses and interfaces.
 * An overriding method replaces the overridden one, whether it is annotated or not.
 */
final class HandlerMethods {

	private HandlerMethods() {
	}

	static Collection<Method> of(Class<?> type) {
		Map<String, Method> callable = new HashMap<>();
		// Sorted, as reflection has no order and errors should be reproducible
		Map<String, Method> handlers = new TreeMap<>();
		for (Class<?> level : hierarchy(type)) {
			Method[] methods = level.getDeclaredMethods();
			for (Method method : methods) {
				callable.putIfAbsent(signature(method), method.isBridge() ? bridged(method, methods) : method);
			}
			for (Method method : methods) {
				if (method.isAnnotationPresent(Handler.class) && !method.isSynthetic()) {
					Method called = callable.getOrDefault(signature(method), method);
					handlers.put(signature(called), called);
				}
			}
		}
		return handlers.values();
	}

	// A private method is never overridden, not even by one with the same signature
	private static String signature(Method method) {
		String owner = Modifier.isPrivate(method.getModifiers()) ? method.getDeclaringClass().getName() : "";
		return method.getName() + Arrays.toString(method.getParameterTypes()) + owner;
	}

	// A method with a type variable is overridden through a bridge method
	private static Method bridged(Method bridge, Method[] candidates) {
		for (Method candidate : candidates) {
			if (!candidate.isBridge() && candidate.getName().equals(bridge.getName())
					&& isAssignable(bridge.getParameterTypes(), candidate.getParameterTypes())) {
				return candidate;
			}
		}
		return bridge;
	}

	static boolean isAssignable(Class<?>[] general, Class<?>[] special) {
		boolean assignable = general.length == special.length;
		for (int i = 0; assignable && i < general.length; i++) {
			assignable = general[i].isAssignableFrom(special[i]);
		}
		return assignable;
	}

	static Set<Class<?>> hierarchy(Class<?> type) {
		Set<Class<?>> levels = new LinkedHashSet<>();
		for (Class<?> level = type; level != null && level != Object.class; level = level.getSuperclass()) {
			// A native executable can't list the methods of a lambda's class
			if (!level.isSynthetic()) {
				levels.add(level);
			}
		}
		for (Class<?> level : List.copyOf(levels)) {
			addInterfaces(level, levels);
		}
		return levels;
	}

	private static void addInterfaces(Class<?> type, Set<Class<?>> levels) {
		for (Class<?> implemented : type.getInterfaces()) {
			levels.add(implemented);
			addInterfaces(implemented, levels);
		}
	}

}
