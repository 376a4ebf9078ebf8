package dev.statefun.spring.failure;

/**
 * Format of dead letters.
 *
 * @since 0.1.0
 */
public enum DeadLetterFormat {

	/** JSON, with the message's bytes in Base64. */
	JSON,

	/** The protobuf message {@code dev.statefun.DeadLetter}. */
	PROTOBUF

}
