package dev.statefun.spring.client;

import java.util.Objects;

import dev.statefun.sdk.failure.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * Thrown where a request to a function has no reply.
 *
 * @since 0.1.0
 */
public final class FunctionRequestException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final Reason reason;

	private final @Nullable FailureKind failure;

	/**
	 * Create an exception.
	 * @param reason why there is no reply
	 * @param failure kind of the function's failure, if it is known
	 * @param message the message
	 * @param cause the cause, or {@code null}
	 */
	public FunctionRequestException(Reason reason, @Nullable FailureKind failure, String message,
			@Nullable Throwable cause) {
		super(message, cause);
		this.reason = Objects.requireNonNull(reason, "'reason' must not be null");
		this.failure = failure;
	}

	/**
	 * Return why there is no reply.
	 * @return the reason
	 */
	public Reason reason() {
		return this.reason;
	}

	/**
	 * Return how the function failed.
	 * @return the kind, or {@code null} if the reason is another than
	 * {@link Reason#FAILED}, or the kind is not known here
	 */
	public @Nullable FailureKind failure() {
		return this.failure;
	}

	/**
	 * Reasons why there is no reply.
	 */
	public enum Reason {

		/**
		 * There was no reply in time. The message may or may not have been handled; with
		 * an idempotency key, ask again.
		 */
		TIMED_OUT,

		/** The function has skipped or dead-lettered the message. */
		FAILED,

		/** The idempotency key was used with another message. Nothing was done. */
		CONFLICT,

		/**
		 * The gateway does not send to functions of this type. Nothing was done.
		 */
		UNKNOWN_FUNCTION,

		/** The request is larger than the gateway takes. Nothing was done. */
		REQUEST_TOO_LARGE,

		/**
		 * The function has handled the message, but its reply is larger than the gateway
		 * takes.
		 */
		REPLY_TOO_LARGE,

		/** The function's reply is not of the expected type, or can't be read. */
		UNEXPECTED_REPLY,

		/**
		 * This client, or others with the same idempotency key, wait for too many
		 * replies.
		 */
		BUSY,

		/**
		 * The gateway can't be reached, or this application stops. The message may or may
		 * not arrive, unless the exception says that it was not sent.
		 */
		UNAVAILABLE,

		/** A poll found no such request. */
		NOT_FOUND,

		/** The gateway does not take the request. Nothing was done. */
		REFUSED

	}

}
