package dev.statefun.sdk.schema;

import java.util.Objects;

import dev.statefun.sdk.schema.ValueSchema.Reference;
import org.jspecify.annotations.Nullable;

/**
 * A field of a protobuf message, which is found by its number.
 *
 * @param name name of the field
 * @param type its type, as in a .proto file, or {@code message}, {@code group} or
 * {@code enum}
 * @param of the message or enum, if it is one
 * @param label how often it may occur, and what its absence means
 * @param oneof name of the oneof that it belongs to, if any
 * @param checked whether text that is not UTF-8 is refused
 * @param packed whether repeated numbers are written together
 * @since 0.1.0
 */
public record ProtobufField(String name, String type, @Nullable Reference of, Label label, @Nullable String oneof,
		boolean checked, boolean packed) {

	/**
	 * Create a field.
	 * @param name name of the field
	 * @param type its type, as in a .proto file, or {@code message}, {@code group} or
	 * {@code enum}
	 * @param of the message or enum, if it is one
	 * @param label how often it may occur, and what its absence means
	 * @param oneof name of the oneof that it belongs to, if any
	 * @param checked whether text that is not UTF-8 is refused
	 * @param packed whether repeated numbers are written together
	 */
	public ProtobufField {
		Objects.requireNonNull(name, "'name' must not be null");
		Objects.requireNonNull(type, "'type' must not be null");
		Objects.requireNonNull(label, "'label' must not be null");
	}

	/**
	 * How often a field may occur.
	 */
	public enum Label {

		/** Once, where zero or empty is the same as absent. */
		IMPLICIT,

		/** Once or not at all. */
		OPTIONAL,

		/** Once; reading fails without it. */
		REQUIRED,

		/** Any number of times. */
		REPEATED,

		/** Once for each key. */
		MAP

	}

}
