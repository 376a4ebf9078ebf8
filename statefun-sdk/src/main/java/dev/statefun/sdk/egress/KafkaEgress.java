package dev.statefun.sdk.egress;

import java.util.Objects;

/**
 * A topic of one of the cluster's Kafka egresses.
 *
 * @param id id of the egress, as {@code module.yaml} declares it
 * @param topic the topic; must not be empty
 * @since 0.1.0
 */
public record KafkaEgress(EgressId id, String topic) implements EgressDestination {

	/**
	 * Create a destination.
	 * @param id id of the egress
	 * @param topic the topic; must not be empty
	 * @throws IllegalArgumentException if the topic is empty
	 */
	public KafkaEgress {
		Objects.requireNonNull(id, "'id' must not be null");
		EgressRecordBuilder.requireText(topic, "topic");
	}

	/**
	 * Create a destination.
	 * @param id id of the egress, in the form {@code <namespace>/<name>}
	 * @param topic the topic; must not be empty
	 * @return the destination
	 * @throws IllegalArgumentException if the id has another form, or the topic is empty
	 */
	public static KafkaEgress of(String id, String topic) {
		return new KafkaEgress(EgressId.parse(id), topic);
	}

	@Override
	public Kind kind() {
		return Kind.KAFKA;
	}

	@Override
	public String toString() {
		return "Kafka topic '" + this.topic + "' of '" + this.id + "'";
	}

}
