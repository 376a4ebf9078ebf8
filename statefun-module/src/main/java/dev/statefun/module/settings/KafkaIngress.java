package dev.statefun.module.settings;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Kafka ingress.
 *
 * @param id id of the ingress
 * @param address addresses of the brokers, if they differ from those for all
 * @param consumerGroupId consumer group
 * @param topics topics and the targets of their records
 * @param startupPosition position to start from; {@code null} for the latest
 * @param autoOffsetReset position to start from if there is no such offset; {@code null}
 * for the latest
 * @param properties properties of the consumer; {@code null} for none
 * @param forwardHeaders whether functions receive the headers of records, with the
 * runtime {@code kzmlabs}; {@code null} for its default
 * @param invalidRecordHandling handling of records without key or value, with the runtime
 * {@code kzmlabs}; {@code null} for its default
 * @since 0.1.0
 */
public record KafkaIngress(String id, @Nullable String address, String consumerGroupId, List<Route> topics,
		@Nullable StartupPosition startupPosition, @Nullable OffsetReset autoOffsetReset,
		@Nullable Map<String, String> properties, @Nullable Boolean forwardHeaders,
		@Nullable InvalidRecordHandling invalidRecordHandling) {

	/**
	 * Create an ingress.
	 * @param id id of the ingress
	 * @param address addresses of the brokers
	 * @param consumerGroupId consumer group
	 * @param topics topics and the targets of their records
	 * @param startupPosition position to start from
	 * @param autoOffsetReset position to start from if there is no such offset
	 * @param properties properties of the consumer
	 * @param forwardHeaders whether functions receive the headers of records
	 * @param invalidRecordHandling handling of records without key or value
	 * @throws IllegalArgumentException if there is no id, consumer group or topic
	 */
	public KafkaIngress {
		Checks.hasText(id, "id");
		Checks.hasText(consumerGroupId, "consumer-group-id");
		Checks.isTrue(Checks.isFilled(topics), () -> "Ingress '" + id + "' has no 'topics'");
		topics = List.copyOf(topics);
		properties = (properties != null) ? Map.copyOf(properties) : null;
	}

	/**
	 * Position from which a Kafka ingress starts if there is no such offset.
	 */
	public enum OffsetReset {

		/** New records only. */
		LATEST,

		/** The oldest record. */
		EARLIEST

	}

	/**
	 * Handling of records that have no key or no value.
	 */
	public enum InvalidRecordHandling {

		/** They are skipped and counted. */
		SKIP,

		/** The job fails. */
		FAIL

	}

}
