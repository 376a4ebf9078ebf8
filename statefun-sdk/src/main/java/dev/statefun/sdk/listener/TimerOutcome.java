package dev.statefun.sdk.listener;

/**
 * Events of named timers.
 *
 * @since 0.1.0
 */
public enum TimerOutcome {

	/** A timer was started, or started again. */
	STARTED,

	/** A pending timer was cancelled. */
	CANCELLED,

	/** A timer fired, and its message was passed to the function. */
	FIRED,

	/** The message of a timer that was replaced or cancelled arrived, and was dropped. */
	DROPPED

}
