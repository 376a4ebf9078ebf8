package dev.statefun.module.settings;

import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Checks of settings.
 */
final class Checks {

	private Checks() {
	}

	static void isTrue(boolean condition, Supplier<String> message) {
		if (!condition) {
			throw new IllegalArgumentException(message.get());
		}
	}

	// A binder passes null for what is not set
	static void hasText(@Nullable String text, String name) {
		isTrue(text != null && !text.isBlank(), () -> "'" + name + "' of a module's ingress or egress must be set");
	}

	static boolean isFilled(@Nullable List<?> list) {
		return list != null && !list.isEmpty();
	}

}
