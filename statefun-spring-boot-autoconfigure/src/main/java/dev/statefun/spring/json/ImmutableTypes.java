package dev.statefun.spring.json;

import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Currency;
import java.util.HashSet;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

import org.springframework.util.ClassUtils;

/**
 * Types whose values can't change according to their declarations: values of the JDK,
 * enums, and records and sealed interfaces that consist only of these. A list may be
 * immutable, but its type does not show that.
 */
final class ImmutableTypes {

	private static final Set<Class<?>> VALUES = Set.of(String.class, BigDecimal.class, BigInteger.class, UUID.class,
			Currency.class, Locale.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

	/** Types being inspected: a reference to one of them adds nothing new. */
	private final Set<Class<?>> seen = new HashSet<>();

	private ImmutableTypes() {
	}

	static boolean include(Class<?> type) {
		return new ImmutableTypes().isImmutable(type);
	}

	private boolean isImmutable(Class<?> type) {
		if (isValue(type) || !this.seen.add(type)) {
			return true;
		}
		if (type.isRecord()) {
			return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getType).allMatch(this::isImmutable);
		}
		return type.isInterface() && type.isSealed()
				&& Arrays.stream(type.getPermittedSubclasses()).allMatch(this::isImmutable);
	}

	private static boolean isValue(Class<?> type) {
		return ClassUtils.isPrimitiveOrWrapper(type) || VALUES.contains(type) || Enum.class.isAssignableFrom(type)
				|| isTime(type);
	}

	// Instant, LocalDate, Duration and the like, but no Clock
	private static boolean isTime(Class<?> type) {
		return type.getPackageName().equals("java.time") && Modifier.isFinal(type.getModifiers());
	}

}
