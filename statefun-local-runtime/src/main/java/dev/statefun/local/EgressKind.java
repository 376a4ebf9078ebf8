package dev.statefun.local;

/**
 * What an egress takes. A cluster's own egresses fail the job when they get anything else
 * (protocol.md §7.4, §10).
 *
 * @since 0.1.0
 */
public enum EgressKind {

	/** Any record. */
	ANY,

	/** Kafka records only. */
	KAFKA,

	/** Kinesis records only. */
	KINESIS,

	/** Records of the Apache playground only. */
	PLAYGROUND

}
