package dev.statefun.sdk.registry;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Finds the values of one type in the static fields of function classes, their
 * superclasses and interfaces. Fields that can't be read are left out.
 */
final class ConstantFields {

	private final Class<?> type;

	private final BiConsumer<String, Object> consumer;

	private final Set<Class<?>> seen = new HashSet<>();

	ConstantFields(Class<?> type, BiConsumer<String, Object> consumer) {
		this.type = type;
		this.consumer = consumer;
	}

	// Every field is reported once, whichever classes share it
	void read(Class<?> functionClass) {
		for (Class<?> level : HandlerMethods.hierarchy(functionClass)) {
			if (this.seen.add(level)) {
				for (Field field : fieldsOf(level)) {
					if (field.trySetAccessible()) {
						read(field);
					}
				}
			}
		}
	}

	private void read(Field field) {
		try {
			Object value = field.get(null);
			if (value != null) {
				this.consumer.accept("field '" + field.getDeclaringClass().getName() + "." + field.getName() + "'",
						value);
			}
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException("'" + field + "' was made accessible", ex);
		}
	}

	// Sorted, as reflection has no order and errors should be reproducible
	private Collection<Field> fieldsOf(Class<?> level) {
		Map<String, Field> fields = new TreeMap<>();
		try {
			for (Field field : level.getDeclaredFields()) {
				if (Modifier.isStatic(field.getModifiers()) && field.getType() == this.type) {
					fields.put(field.getName(), field);
				}
			}
		}
		catch (NoClassDefFoundError ex) {
			// A field of an optional class that is absent hides all others
		}
		return fields.values();
	}

}
