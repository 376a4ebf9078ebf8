package dev.statefun.benchmarks.startup;

import java.util.Locale;

/**
 * Beans of an application. Each has a class of its own, as in a real application.
 */
enum Beans {

	/** Components of plain Spring, without the starter. */
	PLAIN("""
			package startup;
			public class %1$s {
				public void on(int amount) {
				}
			}
			"""),

	/** Functions for numbers, with a state. */
	NUMBERS("""
			package startup;
			import dev.statefun.sdk.*;
			@dev.statefun.spring.StatefulFunction("startup/%1$s")
			public class %1$s {
				@Handler
				public int on(int amount, @Persisted("count") PersistedValue<Integer> count) {
					count.set(count.get().orElse(0) + amount);
					return amount;
				}
			}
			"""),

	/** Functions for messages in JSON, with a state. */
	JSON("""
			package startup;
			import dev.statefun.sdk.*;
			import dev.statefun.sdk.message.MessageType;
			@dev.statefun.spring.StatefulFunction("startup/%1$s")
			public class %1$s {
				@Handler
				public Order on(Order order, @Persisted("last") PersistedValue<Order> last) {
					last.set(order);
					return order;
				}
				@MessageType("startup/%1$sOrder")
				public record Order(String sku, int quantity) {
				}
			}
			""");

	private final String source;

	Beans(String source) {
		this.source = source;
	}

	boolean areFunctions() {
		return this != PLAIN;
	}

	String className(int index) {
		return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT) + index;
	}

	String source(int index) {
		return this.source.formatted(className(index));
	}

}
