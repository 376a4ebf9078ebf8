package dev.statefun.console.record;

import java.time.Instant;
import java.util.Locale;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A failure. Immutable: a change makes another one.
 *
 * @param id number of the failure
 * @param kind kind of failure
 * @param at when it happened first
 * @param lastAt when it happened last
 * @param count how often it has happened
 * @param address the function instance
 * @param failed the message that failed, if known
 * @param detail why it failed
 * @param retryAt when the request is sent again, if known
 * @param open whether it has not succeeded yet
 * @since 0.1.0
 */
public record FailureRecord(long id, Kind kind, Instant at, Instant lastAt, int count, Address address,
		@Nullable Failed failed, FailureDetail detail, @Nullable Instant retryAt, boolean open) {

	/**
	 * A message that failed.
	 *
	 * @param messageId its id, if known
	 * @param message the message
	 * @param headers its headers
	 * @param caller address of its sender, if it has one
	 */
	public record Failed(@Nullable Long messageId, Any message, Headers headers, @Nullable Address caller) {

	}

	/**
	 * Kinds of failures.
	 */
	public enum Kind {

		/** A request failed and is sent again, or a message was skipped. */
		FAILURE,

		/** A dead letter was sent. */
		DEAD_LETTER,

		/** A cluster's job would have failed. */
		JOB_FAILURE;

		/**
		 * Return the name in the API.
		 * @return the name in lower case, with hyphens
		 */
		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
