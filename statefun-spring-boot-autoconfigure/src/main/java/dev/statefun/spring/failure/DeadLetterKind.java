package dev.statefun.spring.failure;

/**
 * Kind of the egress for dead letters.
 *
 * @since 0.1.0
 */
public enum DeadLetterKind {

	/** The cluster's own Kafka egress. */
	KAFKA,

	/**
	 * An egress that takes messages as they are: one that the cluster defines by code.
	 */
	PLAIN

}
