package dev.statefun.sdk;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.HeaderFields;
import dev.statefun.sdk.protocol.HeaderFields.HeaderConsumer;
import dev.statefun.sdk.protocol.Printable;
import dev.statefun.sdk.protocol.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * Headers of a message: keys with values of bytes, which a message carries beside its
 * type and value. A key may be repeated; the last value counts. Immutable.
 *
 * <pre class="code">
 * context.withHeaders(Headers.of("tenant", "acme")).send("shop/cart", "joe", message);
 * </pre>
 *
 * @since 0.1.0
 */
public final class Headers {

	/** Maximum number of headers that a function can set on a message. */
	public static final int MAX_COUNT = 64;

	/** Maximum size of these headers, which is that of all keys and values in bytes. */
	public static final int MAX_SIZE = 8 << 10;

	/** Maximum length of their keys. */
	public static final int MAX_KEY_LENGTH = 128;

	private static final String KEY_PUNCTUATION = "!#$%&'*+-.^_`|~";

	private static final byte[] NO_FIELDS = {};

	private static final Headers EMPTY = new Headers(List.of());

	private final List<Entry> all;

	private Headers(List<Entry> all) {
		this.all = List.copyOf(all);
	}

	/**
	 * Return no headers.
	 * @return the headers, to which others can be added
	 */
	public static Headers empty() {
		return EMPTY;
	}

	/**
	 * Create headers.
	 * @param key key of the first header, as for {@link #and(String, String)}
	 * @param value its value, written in UTF-8
	 * @return the headers, to which others can be added
	 * @throws IllegalArgumentException if the key is not valid or the header is too large
	 */
	public static Headers of(String key, String value) {
		return EMPTY.and(key, value);
	}

	/**
	 * Create headers.
	 * @param key key of the first header, as for {@link #and(String, String)}
	 * @param value its value
	 * @return the headers, to which others can be added
	 * @throws IllegalArgumentException if the key is not valid or the header is too large
	 */
	public static Headers of(String key, ByteString value) {
		return EMPTY.and(key, value);
	}

	/**
	 * Create headers from their entries, to send those of a received message or of a dead
	 * letter again: without limits, as other senders have their own.
	 * @param entries the entries
	 * @return the headers
	 */
	public static Headers ofAll(List<Entry> entries) {
		return entries.isEmpty() ? EMPTY : new Headers(entries);
	}

	/**
	 * Return these headers with another one, which replaces all with the same key.
	 * @param key the key: 1 to {@value #MAX_KEY_LENGTH} letters, digits or characters of
	 * {@code !#$%&'*+-.^_`|~}, as in the name of an HTTP header. Upper and lower case
	 * differ
	 * @param value its value, written in UTF-8
	 * @return the headers
	 * @throws IllegalArgumentException if the key is not valid, the text has an unpaired
	 * surrogate, or the headers would exceed {@value #MAX_COUNT} or {@link #MAX_SIZE}
	 */
	public Headers and(String key, String value) {
		Objects.requireNonNull(value, "'value' must not be null");
		try {
			ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
			return and(key, ByteString.copyFrom(bytes));
		}
		catch (CharacterCodingException ex) {
			throw new IllegalArgumentException(
					"Header '" + key + "' has a text with an unpaired surrogate, which UTF-8 can't express", ex);
		}
	}

	/**
	 * Return these headers with another one, which replaces all with the same key.
	 * @param key the key, as for {@link #and(String, String)}
	 * @param value its value
	 * @return the headers
	 * @throws IllegalArgumentException if the key is not valid, or the headers would
	 * exceed {@value #MAX_COUNT} or {@link #MAX_SIZE}
	 */
	public Headers and(String key, ByteString value) {
		requireKey(key);
		Objects.requireNonNull(value, "'value' must not be null");
		List<Entry> entries = new ArrayList<>(this.all);
		entries.removeIf((entry) -> entry.key().equals(key));
		entries.add(new Entry(key, value));
		return requireWithin(key, new Headers(entries));
	}

	/**
	 * Return these headers with others, which replace all with the same keys.
	 * @param headers the others
	 * @return the headers
	 * @throws IllegalArgumentException if the headers would exceed {@value #MAX_COUNT} or
	 * {@link #MAX_SIZE}
	 */
	public Headers and(Headers headers) {
		Objects.requireNonNull(headers, "'headers' must not be null");
		if (isEmpty() || headers.isEmpty()) {
			return isEmpty() ? headers : this;
		}
		List<Entry> entries = new ArrayList<>(this.all);
		entries.removeIf((entry) -> headers.contains(entry.key()));
		entries.addAll(headers.all);
		return requireWithin(headers.all.get(0).key(), new Headers(entries));
	}

	/**
	 * Check a key.
	 * @param key the key
	 * @return the key
	 * @throws IllegalArgumentException if a function can't set a header with this key
	 */
	public static String requireKey(String key) {
		Objects.requireNonNull(key, "'key' must not be null");
		if (key.isEmpty() || key.length() > MAX_KEY_LENGTH || !key.chars().allMatch(Headers::isOfKey)) {
			throw new InvalidDeclarationException("Header key '" + printable(key) + "' is not valid",
					"Give it 1 to " + MAX_KEY_LENGTH + " letters, digits or characters of " + KEY_PUNCTUATION, null);
		}
		return key;
	}

	private static boolean isOfKey(int c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
				|| KEY_PUNCTUATION.indexOf(c) >= 0;
	}

	private static Headers requireWithin(String key, Headers headers) {
		int size = headers.size();
		if (headers.all.size() > MAX_COUNT) {
			throw new IllegalArgumentException("Header '" + key + "' would be number " + headers.all.size()
					+ " of a message; expected at most " + MAX_COUNT);
		}
		if (size > MAX_SIZE) {
			throw new IllegalArgumentException("With header '" + key + "', the headers of a message would have " + size
					+ " bytes; expected at most " + MAX_SIZE + ". Put large values into the message");
		}
		return headers;
	}

	/**
	 * Return whether there are no headers.
	 * @return whether there are none
	 */
	public boolean isEmpty() {
		return this.all.isEmpty();
	}

	/**
	 * Return all headers, those with repeated keys and without a value included.
	 * @return the headers, in the order in which they were received or set
	 */
	public List<Entry> all() {
		return this.all;
	}

	/**
	 * Return whether there is a header.
	 * @param key the key
	 * @return whether one has this key, with or without a value
	 */
	public boolean contains(String key) {
		return last(key) != null;
	}

	/**
	 * Return the value of a header.
	 * @param key the key
	 * @return the last value, or empty if there is none
	 */
	public Optional<ByteString> bytes(String key) {
		Entry entry = last(key);
		return (entry != null) ? Optional.ofNullable(entry.value()) : Optional.empty();
	}

	/**
	 * Return the value of a header as a text.
	 * @param key the key
	 * @return the last value, or empty if there is none
	 * @throws IllegalStateException if the value is not UTF-8
	 */
	public Optional<String> get(String key) {
		Entry entry = last(key);
		ByteString value = (entry != null) ? entry.value() : null;
		if (value == null) {
			return Optional.empty();
		}
		if (!value.isValidUtf8()) {
			throw new IllegalStateException("Header '" + printable(key) + "' has " + value.size()
					+ " bytes that are not UTF-8; read them with bytes(...)");
		}
		return Optional.of(value.toStringUtf8());
	}

	/**
	 * Internal: read the headers of an encoded message.
	 * @param message bytes of an {@code Any}, a {@code TypedValue} or a record for Kafka
	 * @return the headers
	 */
	public static Headers ofMessage(byte[] message) {
		List<Entry> entries = new ArrayList<>();
		HeaderFields.forEach(message, collect(message, entries));
		return ofAll(entries);
	}

	/**
	 * Internal: read the headers of a message of a request.
	 * @param request the request
	 * @param invocation index of the message
	 * @return the headers
	 */
	public static Headers ofInvocation(BatchRequest request, int invocation) {
		List<Entry> entries = new ArrayList<>();
		request.forEachHeader(invocation, collect(request.bytes(), entries));
		return ofAll(entries);
	}

	private static HeaderConsumer collect(byte[] bytes, List<Entry> entries) {
		return (key, offset, length) -> entries
			.add(new Entry(key, (length >= 0) ? ByteString.copyFrom(bytes, offset, length) : null));
	}

	/**
	 * Internal: return the headers as fields of a message.
	 * @param tag tag of each field, of one byte
	 * @return the bytes of the fields; none without headers
	 */
	public byte[] toFields(int tag) {
		if (isEmpty()) {
			return NO_FIELDS;
		}
		WireWriter writer = new WireWriter(64 * this.all.size());
		for (Entry entry : this.all) {
			ByteString value = entry.value();
			HeaderFields.write(writer, tag, entry.key(), (value != null) ? value.toByteArray() : null);
		}
		return writer.toByteArray();
	}

	private @Nullable Entry last(String key) {
		Objects.requireNonNull(key, "'key' must not be null");
		for (int i = this.all.size() - 1; i >= 0; i--) {
			if (this.all.get(i).key().equals(key)) {
				return this.all.get(i);
			}
		}
		return null;
	}

	private int size() {
		int size = 0;
		for (Entry entry : this.all) {
			ByteString value = entry.value();
			size += entry.key().length() + ((value != null) ? value.size() : 0);
		}
		return size;
	}

	private static String printable(String key) {
		return Printable.of(key);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Headers that && this.all.equals(that.all);
	}

	@Override
	public int hashCode() {
		return this.all.hashCode();
	}

	/**
	 * List the keys, fit for a log line.
	 * @return the keys, without any value
	 */
	@Override
	public String toString() {
		return "headers " + this.all.stream().map((entry) -> printable(entry.key())).toList();
	}

	/**
	 * A header.
	 *
	 * @param key the key; of any form, as other senders have their own rules
	 * @param value the value, or {@code null} for a header without one
	 */
	public record Entry(String key, @Nullable ByteString value) {

		/**
		 * Create a header.
		 * @param key the key
		 * @param value the value, or {@code null} for a header without one
		 */
		public Entry {
			Objects.requireNonNull(key, "'key' must not be null");
		}

		@Override
		public String toString() {
			return "header '" + printable(this.key) + "'";
		}

	}

}
