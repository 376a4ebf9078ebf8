package dev.statefun.console.record;

import java.time.Duration;
import java.util.Locale;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What the handling of a message has caused, other than changes of states.
 *
 * @param kind kind of the effect
 * @param target address of the receiver, if it is a message
 * @param egress id of the egress, if it is a record
 * @param message the message or record, if it has one
 * @param headers headers of the message or record
 * @param delay delay of the message, if it has one
 * @param name token or name of the timer, if it has one
 * @param messageId id of the message that was sent, if known
 * @since 0.1.0
 */
public record Effect(Kind kind, @Nullable Address target, @Nullable String egress, @Nullable Any message,
		Headers headers, @Nullable Duration delay, @Nullable String name, @Nullable Long messageId) {

	int size() {
		return ((this.message != null) ? this.message.getSerializedSize() : 0) + Origin.sizeOf(this.headers) + 100;
	}

	/**
	 * Return the token of the message or cancellation.
	 * @return the token, or {@code null} if there is none
	 */
	public @Nullable String token() {
		return (this.kind == Kind.DELAYED || this.kind == Kind.CANCELLATION) ? this.name : null;
	}

	/**
	 * Return the name of the timer.
	 * @return the name, or {@code null} if it is no timer
	 */
	public @Nullable String timer() {
		return (token() == null) ? this.name : null;
	}

	/**
	 * Kinds of effects.
	 */
	public enum Kind {

		/** A message. */
		MESSAGE,

		/** A message to the caller. */
		REPLY,

		/** A message with a delay. */
		DELAYED,

		/** The message of a named timer. */
		TIMER_STARTED,

		/** The end of a named timer. */
		TIMER_CANCELLED,

		/** A cancellation by token. */
		CANCELLATION,

		/** A record for an egress. */
		EGRESS;

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
