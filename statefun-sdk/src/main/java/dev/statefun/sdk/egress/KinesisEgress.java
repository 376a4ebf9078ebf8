package dev.statefun.sdk.egress;

import java.util.Objects;

/**
 * A stream of one of the cluster's Kinesis egresses. Every record needs a key, its
 * partition key (protocol.md §1, KinesisEgressRecord).
 *
 * @param id id of the egress, as {@code module.yaml} declares it
 * @param stream the stream; must not be empty
 * @since 0.1.0
 */
public record KinesisEgress(EgressId id, String stream) implements EgressDestination {

	/**
	 * Create a destination.
	 * @param id id of the egress
	 * @param stream the stream; must not be empty
	 * @throws IllegalArgumentException if the stream is empty
	 */
	public KinesisEgress {
		Objects.requireNonNull(id, "'id' must not be null");
		EgressRecordBuilder.requireText(stream, "stream");
	}

	/**
	 * Create a destination.
	 * @param id id of the egress, in the form {@code <namespace>/<name>}
	 * @param stream the stream; must not be empty
	 * @return the destination
	 * @throws IllegalArgumentException if the id has another form, or the stream is empty
	 */
	public static KinesisEgress of(String id, String stream) {
		return new KinesisEgress(EgressId.parse(id), stream);
	}

	@Override
	public Kind kind() {
		return Kind.KINESIS;
	}

	@Override
	public String toString() {
		return "Kinesis stream '" + this.stream + "' of '" + this.id + "'";
	}

}
