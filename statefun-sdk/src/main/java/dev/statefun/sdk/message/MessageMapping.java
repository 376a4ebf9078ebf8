package dev.statefun.sdk.message;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import dev.statefun.sdk.protocol.Utf8;

/**
 * A Java type and the message type of its values on the wire. Thread-safe.
 *
 * @param <T> the Java type
 * @since 0.1.0
 */
public final class MessageMapping<T> {

	private final MessageCodec<T> codec;

	private final String typename;

	private final byte[] typenameUtf8;

	MessageMapping(MessageCodec<T> codec) {
		this(codec, codec.typename());
		requireName(codec, codec.typename());
		codec.aliases().forEach((alias) -> requireName(codec, alias));
	}

	// The declaration of a state may give another name than the codec's
	MessageMapping(MessageCodec<T> codec, String typename) {
		this.codec = codec;
		this.typename = typename;
		this.typenameUtf8 = Utf8.encode(typename);
	}

	private static void requireName(MessageCodec<?> codec, String typename) {
		int slash = typename.lastIndexOf('/');
		if (slash <= 0 || slash == typename.length() - 1) {
			throw new InvalidDeclarationException(
					"Type '" + codec.type().getTypeName() + "' is mapped to the message type '" + typename + "'",
					"Give it a name of the form '<namespace>/<name>', with both parts non-empty", null);
		}
	}

	/**
	 * Return the codec of the values.
	 * @return the codec
	 */
	public MessageCodec<T> codec() {
		return this.codec;
	}

	/**
	 * Return the name of the message type, under which values are written.
	 * @return the type name, in the form {@code <namespace>/<name>}
	 */
	public String typename() {
		return this.typename;
	}

	/**
	 * Return all names of the message type.
	 * @return the name under which values are written, followed by the aliases
	 */
	public List<String> typenames() {
		Collection<String> aliases = this.codec.aliases();
		if (aliases.isEmpty()) {
			return List.of(this.typename);
		}
		return Stream.concat(Stream.of(this.typename), aliases.stream().sorted()).distinct().toList();
	}

	/**
	 * Return the class of the values.
	 * @return the class, without type arguments
	 */
	public Class<?> valueClass() {
		return DeclaredTypes.classOf(this.codec.type());
	}

	/**
	 * Return whether a message type is this type: by its full name, or by the part after
	 * the last {@code /}, if the codec accepts that with any prefix.
	 * @param typename the name of a message type
	 * @return whether it is this type
	 */
	public boolean accepts(String typename) {
		return this.typename.equals(typename) || this.codec.typename().equals(typename)
				|| this.codec.aliases().contains(typename)
				|| this.codec.unqualifiedNames().contains(typename.substring(typename.lastIndexOf('/') + 1));
	}

	/**
	 * Internal: return the name as bytes.
	 * @return the name in UTF-8, not to be changed
	 */
	public byte[] typenameUtf8() {
		return this.typenameUtf8;
	}

}
