package dev.statefun.sdk.egress;

/**
 * Destination of the records of an {@link Egress}: an egress of the cluster, and a topic
 * or stream. Immutable.
 *
 * @since 0.1.0
 */
public sealed interface EgressDestination permits KafkaEgress, KinesisEgress {

	/**
	 * Return the id of the egress.
	 * @return the id, as {@code module.yaml} declares it
	 */
	EgressId id();

	/**
	 * Return the kind of the egress.
	 * @return the kind
	 */
	Kind kind();

	/**
	 * Kinds of egresses.
	 */
	enum Kind {

		/** Egress to Kafka. */
		KAFKA,

		/** Egress to Kinesis. */
		KINESIS

	}

}
