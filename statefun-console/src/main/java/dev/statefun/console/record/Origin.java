package dev.statefun.console.record;

import java.time.Duration;
import java.time.Instant;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A message as it was accepted.
 *
 * @param id its id
 * @param target address of the receiver
 * @param caller address of the sender, if it has one
 * @param message the message
 * @param headers its headers
 * @param cause what it was sent by
 * @param acceptedAt when, if that is known
 * @param delay its delay, if it has one
 * @since 0.1.0
 */
public record Origin(long id, Address target, @Nullable Address caller, Any message, Headers headers, Cause cause,
		@Nullable Instant acceptedAt, @Nullable Delay delay) {

	/**
	 * Return the name of the timer that sends the message.
	 * @return the name, or {@code null} if none does
	 */
	public @Nullable String timer() {
		return (this.delay != null) ? this.delay.timer() : null;
	}

	Origin causedBy(Cause other) {
		return new Origin(this.id, this.target, this.caller, this.message, this.headers, other, this.acceptedAt,
				this.delay);
	}

	int size() {
		return this.message.getSerializedSize() + sizeOf(this.headers) + 400;
	}

	static int sizeOf(Headers headers) {
		int size = 0;
		for (Headers.Entry header : headers.all()) {
			size += header.key().length() + ((header.value() != null) ? header.value().size() : 0) + 50;
		}
		return size;
	}

	/**
	 * Delay of a message.
	 *
	 * @param duration time before delivery
	 * @param due time of delivery
	 * @param token token for cancellation, if it has one
	 * @param timer name of the timer, if it is the message of one
	 */
	public record Delay(Duration duration, Instant due, @Nullable String token, @Nullable String timer) {

	}

}
