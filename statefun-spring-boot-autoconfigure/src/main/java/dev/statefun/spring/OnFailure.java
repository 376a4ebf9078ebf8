package dev.statefun.spring;

/**
 * What {@link StatefulFunction#onFailure() @StatefulFunction} can say about messages that
 * the function could not handle.
 *
 * @since 0.1.0
 */
public enum OnFailure {

	/** As {@code statefun.failure.policy} says for all functions. */
	AS_CONFIGURED,

	/** See {@link FailureDecision#RETRY}. */
	RETRY,

	/** See {@link FailureDecision#SKIP}. */
	SKIP,

	/** See {@link FailureDecision#DEAD_LETTER}. */
	DEAD_LETTER

}
