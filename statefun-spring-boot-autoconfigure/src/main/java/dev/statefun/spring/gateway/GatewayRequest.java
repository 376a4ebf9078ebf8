package dev.statefun.spring.gateway;

import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.protocol.TimerFields;
import org.jspecify.annotations.Nullable;

/**
 * A request to a gateway, the message {@code Request} of {@code gateway.proto}.
 *
 * @param id 128 random bits as 32 hexadecimal digits
 * @param kind what is asked for
 * @param target the function instance; absent if the reply to a former request is asked
 * for
 * @param message the message for the target; absent if the reply to a former request is
 * asked for
 * @param headers headers of the message
 * @param replyTo where the reply goes; absent for {@link Kind#SEND}
 * @param deadline when the client stops waiting; absent for {@link Kind#SEND}
 * @param pollable whether the reply can be polled until the deadline
 * @param executeLate whether the message is sent to the target after the deadline too
 * @param idempotencyKey requests with the same target, principal and key are executed
 * once; empty for none
 * @param principal the user on whose behalf the request is made; empty for none
 * @param poll id of the former request whose reply is asked for; empty for none
 * @since 0.1.0
 */
public record GatewayRequest(String id, Kind kind, @Nullable Address target, @Nullable Any message, Headers headers,
		@Nullable ReplyDestination replyTo, @Nullable Instant deadline, boolean pollable, boolean executeLate,
		String idempotencyKey, String principal, String poll) {

	/** Type name of the message. */
	public static final String TYPENAME = "type.googleapis.com/dev.statefun.gateway.Request";

	/** Maximum length of an idempotency key and of the name of a principal. */
	public static final int MAX_KEY_LENGTH = 256;

	private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

	/**
	 * Create a request.
	 * @param id 128 random bits as 32 hexadecimal digits
	 * @param kind what is asked for
	 * @param target the function instance; absent if the reply to a former request is
	 * asked for
	 * @param message the message for the target; absent if the reply to a former request
	 * is asked for
	 * @param headers headers of the message
	 * @param replyTo where the reply goes; absent for {@link Kind#SEND}
	 * @param deadline when the client stops waiting; absent for {@link Kind#SEND}
	 * @param pollable whether the reply can be polled until the deadline
	 * @param executeLate whether the message is sent to the target after the deadline too
	 * @param idempotencyKey requests with the same target, principal and key are executed
	 * once; empty for none
	 * @param principal the user on whose behalf the request is made; empty for none
	 * @param poll id of the former request whose reply is asked for; empty for none
	 * @throws IllegalArgumentException if a field that the kind needs is missing or not
	 * valid
	 */
	public GatewayRequest {
		require(isId(id), "id is not of 32 lowercase hexadecimal digits");
		Objects.requireNonNull(kind, "'kind' must not be null");
		require(idempotencyKey.length() <= MAX_KEY_LENGTH, "idempotency key is longer than 256 characters");
		require(principal.length() <= MAX_KEY_LENGTH, "principal is longer than 256 characters");
		if (kind.asksForFormer()) {
			require(isId(poll), "poll is not of 32 lowercase hexadecimal digits");
		}
		else {
			require(target != null && !target.id().isEmpty(), "target has no id");
			String typename = (message != null) ? message.getTypeUrl() : "";
			require(!typename.isEmpty(), "message has no type");
			require(!typename.equals(TimerFields.MESSAGE_TYPENAME), "message is that of a timer");
		}
		if (kind != Kind.SEND) {
			require(replyTo != null && !replyTo.topic().isEmpty() && !replyTo.client().isEmpty(),
					"reply_to is not complete");
			require(deadline != null, "deadline is missing");
		}
	}

	private static void require(boolean valid, String problem) {
		if (!valid) {
			throw new IllegalArgumentException(problem);
		}
	}

	/**
	 * Return whether a text has the form of an id.
	 * @param text the text
	 * @return whether it consists of 32 lowercase hexadecimal digits
	 */
	public static boolean isId(String text) {
		return ID.matcher(text).matches();
	}

	/**
	 * Create a message that is only sent.
	 * @param id id of the request
	 * @param target the function instance
	 * @param message the message
	 * @return the request
	 */
	public static GatewayRequest send(String id, Address target, Any message) {
		return new GatewayRequest(id, Kind.SEND, target, message, Headers.empty(), null, null, false, false, "", "",
				"");
	}

	/**
	 * Create a request with a reply.
	 * @param id id of the request
	 * @param target the function instance
	 * @param message the message
	 * @param replyTo where the reply goes
	 * @param deadline when the client stops waiting
	 * @return the request
	 */
	public static GatewayRequest request(String id, Address target, Any message, ReplyDestination replyTo,
			Instant deadline) {
		return new GatewayRequest(id, Kind.REQUEST, target, message, Headers.empty(), replyTo, deadline, false, false,
				"", "", "");
	}

	/**
	 * Create a request for the reply to a former one, if there is one yet.
	 * @param id id of this request
	 * @param poll id of the former request
	 * @param replyTo where the reply goes
	 * @param deadline when the client stops waiting
	 * @return the request
	 */
	public static GatewayRequest poll(String id, String poll, ReplyDestination replyTo, Instant deadline) {
		return new GatewayRequest(id, Kind.POLL, null, null, Headers.empty(), replyTo, deadline, false, false, "", "",
				poll);
	}

	/**
	 * Create a request that waits for the reply to a former one.
	 * @param id id of this request
	 * @param poll id of the former request
	 * @param replyTo where the reply goes
	 * @param deadline when the client stops waiting
	 * @return the request
	 */
	public static GatewayRequest await(String id, String poll, ReplyDestination replyTo, Instant deadline) {
		return new GatewayRequest(id, Kind.AWAIT, null, null, Headers.empty(), replyTo, deadline, false, false, "", "",
				poll);
	}

	/**
	 * Return this request with headers.
	 * @param headers the headers
	 * @return the request
	 */
	public GatewayRequest headers(Headers headers) {
		return new GatewayRequest(this.id, this.kind, this.target, this.message, headers, this.replyTo, this.deadline,
				this.pollable, this.executeLate, this.idempotencyKey, this.principal, this.poll);
	}

	/**
	 * Return this request with a reply that can be polled until the deadline.
	 * @return the request
	 */
	public GatewayRequest asPollable() {
		return new GatewayRequest(this.id, this.kind, this.target, this.message, this.headers, this.replyTo,
				this.deadline, true, this.executeLate, this.idempotencyKey, this.principal, this.poll);
	}

	/**
	 * Return this request so that it is executed after its deadline too.
	 * @return the request
	 */
	public GatewayRequest asExecutedLate() {
		return new GatewayRequest(this.id, this.kind, this.target, this.message, this.headers, this.replyTo,
				this.deadline, this.pollable, true, this.idempotencyKey, this.principal, this.poll);
	}

	/**
	 * Return this request with an idempotency key.
	 * @param idempotencyKey the key; empty for none
	 * @return the request
	 * @throws IllegalArgumentException if the key is too long
	 */
	public GatewayRequest idempotencyKey(String idempotencyKey) {
		return new GatewayRequest(this.id, this.kind, this.target, this.message, this.headers, this.replyTo,
				this.deadline, this.pollable, this.executeLate, idempotencyKey, this.principal, this.poll);
	}

	/**
	 * Return this request on behalf of a user.
	 * @param principal name of the user; empty for none
	 * @return the request
	 * @throws IllegalArgumentException if the name is too long
	 */
	public GatewayRequest principal(String principal) {
		return new GatewayRequest(this.id, this.kind, this.target, this.message, this.headers, this.replyTo,
				this.deadline, this.pollable, this.executeLate, this.idempotencyKey, principal, this.poll);
	}

	/**
	 * Return the id of the gateway's instance that handles this request.
	 * @return the id, as {@code gateway.proto} defines it
	 */
	public String instance() {
		if (this.kind.asksForFormer()) {
			return GatewayInstance.exchange(this.poll);
		}
		Address target = Objects.requireNonNull(this.target);
		if (!this.idempotencyKey.isEmpty()) {
			return GatewayInstance.key(target, this.principal, this.idempotencyKey);
		}
		return (this.kind == Kind.SEND) ? GatewayInstance.sends(target) : GatewayInstance.exchange(this.id);
	}

	/**
	 * Read a request.
	 * @param bytes bytes of the request
	 * @return the request
	 * @throws IllegalArgumentException if the bytes are not a request, or a field is not
	 * valid
	 */
	public static GatewayRequest parse(ByteString bytes) {
		Envelope fields = Envelope.parse(bytes);
		Envelope replyTo = fields.message(6);
		long deadline = fields.number(7);
		return new GatewayRequest(fields.text(1), Kind.of(fields.number(2)), fields.address(3), fields.value(4),
				fields.headers(5), (replyTo != null) ? new ReplyDestination(replyTo.text(1), replyTo.text(2)) : null,
				(deadline != 0) ? Instant.ofEpochMilli(deadline) : null, fields.number(8) != 0, fields.number(9) != 0,
				fields.text(10), fields.text(11), fields.text(12));
	}

	/**
	 * Write the request.
	 * @return its bytes
	 */
	public ByteString toBytes() {
		Envelope.Writer fields = new Envelope.Writer().text(1, this.id)
			.number(2, this.kind.ordinal() + 1L)
			.address(3, this.target)
			.value(4, this.message)
			.headers(5, this.headers);
		if (this.replyTo != null) {
			fields.message(6, new Envelope.Writer().text(1, this.replyTo.topic()).text(2, this.replyTo.client()));
		}
		return fields.number(7, (this.deadline != null) ? this.deadline.toEpochMilli() : 0)
			.number(8, this.pollable ? 1 : 0)
			.number(9, this.executeLate ? 1 : 0)
			.text(10, this.idempotencyKey)
			.text(11, this.principal)
			.text(12, this.poll)
			.toBytes();
	}

	/**
	 * What a request asks for, in the order of the numbers in {@code gateway.proto}.
	 */
	public enum Kind {

		/** Send the message; nothing is returned. */
		SEND,

		/** Send the message and return the target's reply. */
		REQUEST,

		/** Return the reply to a former request, if there is one yet. */
		POLL,

		/** Return the reply to a former request, as soon as there is one. */
		AWAIT;

		boolean asksForFormer() {
			return this == POLL || this == AWAIT;
		}

		private static Kind of(long number) {
			if (number < 1 || number > values().length) {
				throw new IllegalArgumentException("kind " + number + " is not known");
			}
			return values()[(int) number - 1];
		}

	}

}
