package dev.statefun.module.settings;

/**
 * Reaction of a cluster to a call of a function that has failed for good; only the fork
 * {@code fransking/flink-statefun} has it.
 *
 * @since 0.1.0
 */
public enum FailureMode {

	/** The job fails and restarts from its last checkpoint. */
	FAIL,

	/** The messages of the call are dropped. */
	DROP

}
