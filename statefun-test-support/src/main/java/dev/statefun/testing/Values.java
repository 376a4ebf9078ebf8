package dev.statefun.testing;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.statefun.testwire.example.BoolWrapper;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.IntWrapper;
import dev.statefun.testwire.example.LongWrapper;
import dev.statefun.testwire.example.StringWrapper;
import dev.statefun.testwire.example.User;
import org.jspecify.annotations.Nullable;

/**
 * Messages and states as a cluster carries them, created without the code under test.
 */
public final class Values {

	/** Type name of an {@code Any} inside another one. */
	public static final String ANY_TYPE = "type.googleapis.com/google.protobuf.Any";

	/** Number of the field with the headers of a message (cluster.md §4). */
	public static final int HEADERS = 4;

	private Values() {
	}

	/**
	 * Add a header to a message.
	 * @param message the message
	 * @param key key of the header
	 * @param value its value, or {@code null} for a header without one
	 * @return the message with the header after its other ones
	 */
	public static Any withHeader(Any message, String key, @Nullable String value) {
		UnknownFieldSet.Builder header = UnknownFieldSet.newBuilder().mergeField(1, field(key));
		if (value != null) {
			header.mergeField(2, field(value)).mergeVarintField(3, 1);
		}
		return withField(message, HEADERS, header.build().toByteString());
	}

	private static Field field(String value) {
		Field.Builder field = Field.newBuilder();
		return value.isEmpty() ? field.build() : field.addLengthDelimited(ByteString.copyFromUtf8(value)).build();
	}

	/**
	 * Add a field that no schema knows to a message.
	 * @param message the message
	 * @param number number of the field
	 * @param value its bytes
	 * @return the message with the field
	 */
	public static Any withField(Any message, int number, ByteString value) {
		Field field = Field.newBuilder().addLengthDelimited(value).build();
		return message.toBuilder()
			.setUnknownFields(message.getUnknownFields().toBuilder().mergeField(number, field).build())
			.build();
	}

	/**
	 * Create a value.
	 * @param typename its type name
	 * @param bytes its bytes
	 * @return the value
	 */
	public static Any of(String typename, ByteString bytes) {
		return Any.newBuilder().setTypeUrl(typename).setValue(bytes).build();
	}

	/**
	 * Create a value of a protobuf message.
	 * @param typename its type name
	 * @param message the message
	 * @return the value
	 */
	public static Any of(String typename, Message message) {
		return of(typename, message.toByteString());
	}

	/**
	 * Create a value of a protobuf message under its default type name.
	 * @param message the message
	 * @return the value
	 */
	public static Any of(Message message) {
		return of("type.googleapis.com/" + message.getDescriptorForType().getFullName(), message);
	}

	/**
	 * Parse an {@code Any}.
	 * @param bytes its bytes
	 * @return the {@code Any}
	 */
	public static Any parse(ByteString bytes) {
		try {
			return Any.parseFrom(bytes);
		}
		catch (InvalidProtocolBufferException ex) {
			throw new AssertionError("no google.protobuf.Any: " + bytes, ex);
		}
	}

	/**
	 * Create a user.
	 * @param name name of the user
	 * @return the user
	 */
	public static Any user(String name) {
		return of(User.newBuilder().setUserId("u-" + name).setName(name).build());
	}

	/**
	 * Create a count.
	 * @param value the number
	 * @return the count
	 */
	public static Any count(int value) {
		return of(countOf(value));
	}

	/**
	 * Create a count as a protobuf message.
	 * @param value the number
	 * @return the count
	 */
	public static Count countOf(int value) {
		return Count.newBuilder().setValue(value).build();
	}

	/**
	 * Create an {@code io.statefun.types/int}.
	 * @param value the number
	 * @return the value
	 */
	public static Any integer(int value) {
		return of("io.statefun.types/int", IntWrapper.newBuilder().setValue(value).build());
	}

	/**
	 * Create an {@code io.statefun.types/long}.
	 * @param value the number
	 * @return the value
	 */
	public static Any longInteger(long value) {
		return of("io.statefun.types/long", LongWrapper.newBuilder().setValue(value).build());
	}

	/**
	 * Create an {@code io.statefun.types/bool}.
	 * @param value the boolean
	 * @return the value
	 */
	public static Any flag(boolean value) {
		return of("io.statefun.types/bool", BoolWrapper.newBuilder().setValue(value).build());
	}

	/**
	 * Create an {@code io.statefun.types/string}.
	 * @param value the text
	 * @return the value
	 */
	public static Any text(String value) {
		return of("io.statefun.types/string", StringWrapper.newBuilder().setValue(value).build());
	}

}
