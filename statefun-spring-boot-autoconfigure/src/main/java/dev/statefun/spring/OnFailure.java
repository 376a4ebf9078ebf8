package dev.statefun.spring;

/**
 * Reaction to failed messages that {@link StatefulFunction#onFailure() @StatefulFunction}
 * can declare.
 *
 * @since 0.1.0
 */
public enum OnFailure {

	/** As configured with {@code statefun.failure.policy} for all functions. */
	AS_CONFIGURED,

	/** See {@link FailureDecision#RETRY}. */
	RETRY,

	/** See {@link FailureDecision#SKIP}. */
	SKIP,

	/** See {@link FailureDecision#DEAD_LETTER}. */
	DEAD_LETTER

}
