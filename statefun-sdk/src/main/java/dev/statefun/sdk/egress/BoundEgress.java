package dev.statefun.sdk.egress;

import java.util.Objects;

import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.message.MessageMappings;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Egress} with its destination and the codecs of its values. Makes the records
 * that are sent. Thread-safe.
 *
 * @param <T> type of the values
 * @since 0.1.0
 */
public final class BoundEgress<T> {

	private final String name;

	private final EgressDestination destination;

	private final MessageMappings mappings;

	/**
	 * Internal: bind an egress.
	 * @param egress the egress
	 * @param destination its destination
	 * @param mappings has the codecs of its values
	 */
	public BoundEgress(Egress<T> egress, EgressDestination destination, MessageMappings mappings) {
		this.name = egress.name();
		this.destination = destination;
		this.mappings = mappings;
	}

	/**
	 * Return the id of the cluster's egress.
	 * @return the id
	 */
	public EgressId id() {
		return this.destination.id();
	}

	/**
	 * Make a record without a key.
	 * @param value the value
	 * @return the record
	 * @throws IllegalArgumentException if the value has no mapping, or the egress is one
	 * of Kinesis, whose records need a key
	 */
	public EgressRecord record(T value) {
		if (this.destination instanceof KafkaEgress kafka) {
			return KafkaRecord.forTopic(kafka.topic()).encodedValue(valueOf(value)).build();
		}
		throw new IllegalArgumentException("A record for egress '" + this.name + "' needs a partition key, as it goes "
				+ "to the " + this.destination + "; call sendEgress(egress, key, value)");
	}

	/**
	 * Make a record with a key, which is written in UTF-8.
	 * @param key the key of a Kafka record, or the partition key of a Kinesis record;
	 * must not be empty
	 * @param value the value
	 * @return the record
	 * @throws IllegalArgumentException if the key is empty, or the value has no mapping
	 */
	public EgressRecord record(String key, T value) {
		Objects.requireNonNull(key, "'key' must not be null");
		if (key.isEmpty()) {
			throw new IllegalArgumentException(
					"The key of a record for egress '" + this.name + "' is empty; give one that is not, or, for Kafka, "
							+ "call sendEgress(egress, value) to send a record without a key");
		}
		if (this.destination instanceof KinesisEgress kinesis) {
			return KinesisRecord.forStream(kinesis.stream()).partitionKey(key).encodedValue(valueOf(value)).build();
		}
		return KafkaRecord.forTopic(((KafkaEgress) this.destination).topic())
			.key(key)
			.encodedValue(valueOf(value))
			.build();
	}

	@SuppressWarnings("unchecked")
	private RecordValue valueOf(@Nullable T value) {
		Objects.requireNonNull(value, "'value' must not be null");
		if (value instanceof String text) {
			return RecordValue.ofText(text);
		}
		return RecordValue.ofMessage((MessageMapping<Object>) this.mappings.of(value.getClass()), value);
	}

}
