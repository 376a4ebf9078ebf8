package dev.statefun.module.settings;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Kafka egress.
 *
 * @param id id of the egress
 * @param address addresses of the brokers, if they differ from those for all
 * @param deliverySemantic delivery guarantee of records; {@code null} for at least once
 * @param transactionTimeout maximum duration of a transaction, for {@code exactly-once}
 * @param properties properties of the producer; {@code null} for none
 * @since 0.1.0
 */
public record KafkaEgress(String id, @Nullable String address, @Nullable DeliverySemantic deliverySemantic,
		@Nullable Duration transactionTimeout, @Nullable Map<String, String> properties) {

	/**
	 * Create an egress.
	 * @param id id of the egress
	 * @param address addresses of the brokers
	 * @param deliverySemantic delivery guarantee of records
	 * @param transactionTimeout maximum duration of a transaction
	 * @param properties properties of the producer
	 * @throws IllegalArgumentException if there is no id, or a transaction timeout and
	 * not {@code exactly-once}, or the other way round
	 */
	public KafkaEgress {
		Checks.hasText(id, "id");
		// The cluster has no default for it (protocol.md §7.1)
		Checks.isTrue((deliverySemantic == DeliverySemantic.EXACTLY_ONCE) == (transactionTimeout != null),
				() -> "Egress '" + id
						+ "': the delivery semantic 'exactly-once', and no other, has a 'transaction-timeout'");
		properties = (properties != null) ? Map.copyOf(properties) : null;
	}

	/**
	 * Delivery guarantee of records.
	 */
	public enum DeliverySemantic {

		/** At least once. */
		AT_LEAST_ONCE,

		/** Exactly once, for readers of committed records. */
		EXACTLY_ONCE,

		/** No guarantee. */
		NONE

	}

}
