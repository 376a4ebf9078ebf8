package dev.statefun.sdk.failure;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers.Entry;
import dev.statefun.sdk.protocol.Utf8;
import dev.statefun.sdk.protocol.WireWriter;

/**
 * Record about a failed message: its target, the message itself and the failure. Written
 * as the protobuf message {@code dev.statefun.DeadLetter}, whose schema is in this jar as
 * {@code dev/statefun/dead_letter.proto}, or as the JSON mapping of that message.
 * Immutable.
 *
 * @since 0.1.0
 */
public final class DeadLetter {

	/** Type name of the protobuf form. */
	public static final String PROTOBUF_TYPENAME = "type.googleapis.com/dev.statefun.DeadLetter";

	/** Type name of the JSON form. */
	public static final String JSON_TYPENAME = "dev.statefun/DeadLetter";

	/** The text of an exception may contain the data that was being handled. */
	private static final int MAX_TEXT_BYTES = 8 << 10;

	private static final byte[] ELLIPSIS = "…".getBytes(StandardCharsets.UTF_8);

	private final FailedInvocation failed;

	private final String text;

	private final Instant time;

	private DeadLetter(FailedInvocation failed, String text, Instant time) {
		this.failed = failed;
		this.text = text;
		this.time = time;
	}

	/**
	 * Create a dead letter.
	 * @param failed the message, and why it failed
	 * @param time when it failed
	 * @return the dead letter
	 */
	public static DeadLetter of(FailedInvocation failed, Instant time) {
		Objects.requireNonNull(failed, "'failed' must not be null");
		Objects.requireNonNull(time, "'time' must not be null");
		return new DeadLetter(failed, textOf(failed.cause()), time);
	}

	private static String textOf(Throwable cause) {
		String text = CauseChain.messageOf(cause);
		return (text != null) ? bounded(text) : "";
	}

	// Encoding replaces an unpaired surrogate by a question mark
	private static String bounded(String text) {
		byte[] bytes = text.substring(0, Math.min(text.length(), MAX_TEXT_BYTES + 1)).getBytes(StandardCharsets.UTF_8);
		if (bytes.length <= MAX_TEXT_BYTES) {
			return new String(bytes, StandardCharsets.UTF_8);
		}
		int end = MAX_TEXT_BYTES - ELLIPSIS.length;
		while ((bytes[end] & 0xc0) == 0x80) {
			end--;
		}
		System.arraycopy(ELLIPSIS, 0, bytes, end, ELLIPSIS.length);
		return new String(bytes, 0, end + ELLIPSIS.length, StandardCharsets.UTF_8);
	}

	/**
	 * Return the protobuf form.
	 * @return bytes of a {@code dev.statefun.DeadLetter}
	 */
	public byte[] toProtobuf() {
		byte[] value = this.failed.message().getValue().toByteArray();
		WireWriter writer = new WireWriter(value.length + this.text.length() + 256);
		writer.writeBytes(0x0a, address(this.failed.self()));
		this.failed.caller().ifPresent((caller) -> writer.writeBytes(0x12, address(caller)));
		writeText(writer, 0x1a, this.failed.message().getTypeUrl());
		writer.writeOptionalBytes(0x22, value);
		writer.writeByte(0x28);
		writer.writeVarint(this.failed.kind().ordinal() + 1L);
		writeText(writer, 0x32, this.failed.cause().getClass().getName());
		writeText(writer, 0x3a, this.text);
		writer.writeBytes(0x42, timestamp());
		writer.writeRaw(this.failed.headers().toFields(0x4a));
		return writer.toByteArray();
	}

	private static byte[] address(Address address) {
		WireWriter writer = new WireWriter(64);
		writer.writeRaw(address.type().fields());
		writeText(writer, 0x1a, address.id());
		return writer.toByteArray();
	}

	private byte[] timestamp() {
		WireWriter writer = new WireWriter(16);
		writer.writeByte(0x08);
		writer.writeVarint(this.time.getEpochSecond());
		writer.writeByte(0x10);
		writer.writeVarint(this.time.getNano());
		return writer.toByteArray();
	}

	private static void writeText(WireWriter writer, int tag, String text) {
		writer.writeOptionalText(tag, text, Utf8.length(text));
	}

	/**
	 * Return the JSON form.
	 * @return a JSON object in UTF-8
	 */
	public byte[] toJson() {
		StringBuilder json = new StringBuilder("{\"target\":");
		appendAddress(json, this.failed.self());
		this.failed.caller().ifPresent((caller) -> appendAddress(json.append(",\"caller\":"), caller));
		appendText(json.append(",\"type\":"), this.failed.message().getTypeUrl());
		json.append(",\"value\":\"")
			.append(Base64.getEncoder().encodeToString(this.failed.message().getValue().toByteArray()))
			.append("\",\"kind\":\"")
			.append(this.failed.kind().name());
		appendText(json.append("\",\"exception\":"), this.failed.cause().getClass().getName());
		appendText(json.append(",\"text\":"), this.text);
		json.append(",\"time\":\"").append(this.time).append('"');
		appendHeaders(json);
		return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
	}

	private void appendHeaders(StringBuilder json) {
		String separator = ",\"headers\":[";
		for (Entry header : this.failed.headers().all()) {
			ByteString value = header.value();
			appendText(json.append(separator).append("{\"key\":"), header.key());
			if (value != null) {
				json.append(",\"value\":\"")
					.append(Base64.getEncoder().encodeToString(value.toByteArray()))
					.append("\",\"hasValue\":true");
			}
			json.append('}');
			separator = ",";
		}
		if (!this.failed.headers().isEmpty()) {
			json.append(']');
		}
	}

	private static void appendAddress(StringBuilder json, Address address) {
		appendText(json.append("{\"namespace\":"), address.type().namespace());
		appendText(json.append(",\"name\":"), address.type().name());
		appendText(json.append(",\"id\":"), address.id());
		json.append('}');
	}

	private static void appendText(StringBuilder json, String text) {
		json.append('"');
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '"' || c == '\\') {
				json.append('\\').append(c);
			}
			else if (c < ' ') {
				json.append(String.format("\\u%04x", (int) c));
			}
			else {
				json.append(c);
			}
		}
		json.append('"');
	}

}
