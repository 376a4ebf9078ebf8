package dev.statefun.console.payload;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.payload.Payload.Kind;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.http.HttpMessages;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.message.MessageMappings;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.core.util.Separators.Spacing;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads payloads: protobuf messages and JSON as JSON, texts as they are, all else as
 * hexadecimal digits.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class PayloadReader {

	/** Larger ones are shown as bytes. */
	private static final int MAX_DECODED = 4 << 20;

	private static final int MAX_BINARY = 1 << 20;

	// Numbers as they are written
	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private static final ObjectWriter INDENTED = MAPPER.writer().with(printer());

	private final HttpMessages messages;

	private final MessageMappings mappings;

	private final Masking masking;

	/**
	 * Create a reader.
	 * @param messages converts messages
	 * @param mappings the known types
	 * @param masking decides what is not shown
	 */
	public PayloadReader(HttpMessages messages, MessageMappings mappings, Masking masking) {
		this.messages = messages;
		this.mappings = mappings;
		this.masking = masking;
	}

	private static DefaultPrettyPrinter printer() {
		DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
		return new DefaultPrettyPrinter(Separators.createDefaultInstance().withObjectNameValueSpacing(Spacing.AFTER))
			.withObjectIndenter(indenter)
			.withArrayIndenter(indenter);
	}

	/**
	 * Read a message.
	 * @param message the message
	 * @return its payload
	 */
	public Payload read(Any message) {
		return read(message.getTypeUrl(), message.getValue(), null);
	}

	/**
	 * Read a state.
	 * @param value its value
	 * @param mapping mapping of its type, or {@code null} if unknown
	 * @return its payload
	 */
	public Payload read(Any value, @Nullable MessageMapping<?> mapping) {
		return read(value.getTypeUrl(), value.getValue(), mapping);
	}

	/**
	 * Read bytes whose type has no name, such as the value of a Kafka record.
	 * @param type name to show
	 * @param bytes the bytes
	 * @return their payload
	 */
	public Payload readBytes(String type, ByteString bytes) {
		if (this.masking.hidesType(type)) {
			return masked(type, bytes);
		}
		return guess(type, bytes);
	}

	private Payload read(String type, ByteString bytes, @Nullable MessageMapping<?> mapping) {
		if (this.masking.hidesType(type)) {
			return masked(type, bytes);
		}
		if (bytes.size() > MAX_DECODED) {
			return binary(type, bytes);
		}
		Any message = Any.newBuilder().setTypeUrl(type).setValue(bytes).build();
		String text = (mapping != null) ? text(mapping, bytes) : this.messages.text(message);
		if (text != null) {
			return new Payload(type, bytes.size(), text.isEmpty() ? Kind.EMPTY : Kind.TEXT, text, false);
		}
		String json = (mapping != null) ? this.messages.textOf(mapping, bytes.toByteArray())
				: this.messages.json(message);
		Payload known = (json != null) ? json(type, bytes.size(), json) : null;
		return (known != null) ? known : guess(type, bytes);
	}

	private @Nullable String text(MessageMapping<?> mapping, ByteString bytes) {
		return (mapping.valueClass() == String.class) ? this.messages.textOf(mapping, bytes.toByteArray()) : null;
	}

	private static Payload masked(String type, ByteString bytes) {
		return new Payload(type, bytes.size(), Kind.TEXT, Payload.MASK, true);
	}

	private Payload guess(String type, ByteString bytes) {
		if (bytes.isEmpty()) {
			return new Payload(type, 0, Kind.EMPTY, "", false);
		}
		String text = (bytes.size() <= MAX_DECODED) ? utf8(bytes) : null;
		if (text == null) {
			return binary(type, bytes);
		}
		Payload json = json(type, bytes.size(), text);
		if (json != null) {
			return json;
		}
		// Text that only looks like JSON could still have a field to mask
		return isPrintable(text) ? new Payload(type, bytes.size(), Kind.TEXT, text, false) : binary(type, bytes);
	}

	private @Nullable Payload json(String type, int size, String json) {
		try {
			JsonNode node = MAPPER.readTree(json);
			if (node == null || node.isMissingNode()) {
				return null;
			}
			boolean masked = this.masking.hidesFields() && this.masking.apply(node);
			return new Payload(type, size, Kind.JSON, INDENTED.writeValueAsString(node), masked);
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	private static Payload binary(String type, ByteString bytes) {
		int shown = Math.min(bytes.size(), MAX_BINARY);
		String digits = HexFormat.of().formatHex(bytes.substring(0, shown).toByteArray());
		return new Payload(type, bytes.size(), Kind.BINARY, (shown < bytes.size()) ? digits + "…" : digits, false);
	}

	private static @Nullable String utf8(ByteString bytes) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

	private static boolean isPrintable(String text) {
		return text.chars().allMatch((c) -> c >= ' ' || c == '\n' || c == '\r' || c == '\t');
	}

	/**
	 * Return the text in one line.
	 * @param payload the payload
	 * @param limit maximum number of characters
	 * @return the beginning of its text
	 */
	public static String line(Payload payload, int limit) {
		String text = (payload.kind() == Kind.JSON) ? compact(payload.text(), limit) : payload.text();
		String line = Payload.cut(text, limit + 1).replaceAll("\\s+", " ").strip();
		return (line.length() > limit) ? Payload.cut(line, limit - 1) + "…" : line;
	}

	// Line breaks of indented JSON are between tokens, as those in texts are escaped
	private static String compact(String json, int limit) {
		StringBuilder line = new StringBuilder();
		for (int i = 0; i < json.length() && line.length() <= limit; i++) {
			char c = json.charAt(i);
			if (c == '\n') {
				while (i + 1 < json.length() && json.charAt(i + 1) == ' ') {
					i++;
				}
			}
			else {
				line.append(c);
				if (c == ',' && i + 1 < json.length() && json.charAt(i + 1) == '\n') {
					line.append(' ');
				}
			}
		}
		return line.toString();
	}

	/**
	 * Write headers.
	 * @param headers the headers
	 * @return the JSON of each
	 */
	public List<JsonObject> headers(Headers headers) {
		List<JsonObject> all = new ArrayList<>();
		for (Headers.Entry header : headers.all()) {
			ByteString value = header.value();
			boolean binary = value != null && !value.isValidUtf8();
			all.add(new JsonObject().with("key", header.key())
				.with("value", (value != null) ? header(header.key(), value) : null)
				.with("binary", binary));
		}
		return all;
	}

	private String header(String key, ByteString value) {
		if (this.masking.hidesField(key)) {
			return Payload.MASK;
		}
		return value.isValidUtf8() ? value.toStringUtf8() : Base64.getEncoder().encodeToString(value.toByteArray());
	}

	/**
	 * Return whether a header is not shown.
	 * @param key its key
	 * @return whether it is masked
	 */
	public boolean hidesHeader(String key) {
		return this.masking.hidesField(key);
	}

	/**
	 * Return the mapping of a declared state.
	 * @param type the Java type of its value
	 * @param typename name of its type
	 * @return the mapping, or {@code null} if there is none
	 */
	public @Nullable MessageMapping<?> mapping(Type type, String typename) {
		try {
			return this.mappings.of(type, typename);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

}
