package dev.statefun.local;

/**
 * Kind of records that an egress accepts. On a cluster, an egress fails the job when it
 * receives any other record (protocol.md §7.4, §10).
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
