package dev.statefun.spring.gateway;

import java.util.Objects;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Reply of a gateway to a request, the message {@code Reply} of {@code gateway.proto}.
 *
 * @param id id of the request
 * @param outcome outcome of the request
 * @param message reply of the target, if the outcome is {@link Outcome#REPLIED}
 * @param failure kind of the failure, if the outcome is {@link Outcome#FAILED}
 * @since 0.1.0
 */
public record GatewayReply(String id, Outcome outcome, @Nullable Any message, @Nullable String failure) {

	/**
	 * Create a reply.
	 * @param id id of the request
	 * @param outcome outcome of the request
	 * @param message reply of the target, or {@code null}
	 * @param failure kind of the failure, or {@code null}
	 */
	public GatewayReply {
		Objects.requireNonNull(id, "'id' must not be null");
		Objects.requireNonNull(outcome, "'outcome' must not be null");
	}

	/**
	 * Create a reply that has only an outcome.
	 * @param id id of the request
	 * @param outcome outcome of the request
	 * @return the reply
	 */
	public static GatewayReply of(String id, Outcome outcome) {
		return new GatewayReply(id, outcome, null, null);
	}

	/**
	 * Return the same reply to another request.
	 * @param id id of the other request
	 * @return the reply
	 */
	public GatewayReply to(String id) {
		return new GatewayReply(id, this.outcome, this.message, this.failure);
	}

	/**
	 * Read a reply.
	 * @param bytes bytes of the reply
	 * @return the reply
	 * @throws IllegalArgumentException if the bytes are not a reply
	 */
	public static GatewayReply parse(ByteString bytes) {
		Envelope fields = Envelope.parse(bytes);
		String failure = fields.text(4);
		return new GatewayReply(fields.text(1), Outcome.of(fields.number(2)), fields.value(3),
				failure.isEmpty() ? null : failure);
	}

	/**
	 * Write the reply.
	 * @return its bytes
	 */
	public ByteString toBytes() {
		return new Envelope.Writer().text(1, this.id)
			.number(2, this.outcome.ordinal() + 1L)
			.value(3, this.message)
			.text(4, this.failure)
			.toBytes();
	}

	/**
	 * Outcomes of requests, in the order of the numbers in {@code gateway.proto}.
	 */
	public enum Outcome {

		/** The target has replied. */
		REPLIED,

		/** The target has skipped or dead-lettered the message. */
		FAILED,

		/** The idempotency key belongs to another message. */
		CONFLICT,

		/** The gateway has no access to the target's type. */
		UNKNOWN_FUNCTION,

		/** The target's reply exceeds the limit of the gateway. */
		REPLY_TOO_LARGE,

		/** The request came after its deadline and was not executed. */
		EXPIRED,

		/** Too many clients wait for the same reply. */
		BUSY,

		/** There is no reply to the former request yet. */
		PENDING,

		/** There is no such former request, or it is another principal's. */
		NOT_FOUND,

		/** The request is not valid. */
		REFUSED;

		private static Outcome of(long number) {
			if (number < 1 || number > values().length) {
				throw new IllegalArgumentException("outcome " + number + " is not known");
			}
			return values()[(int) number - 1];
		}

	}

}
