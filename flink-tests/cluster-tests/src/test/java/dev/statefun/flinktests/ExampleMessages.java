package dev.statefun.flinktests;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;

/**
 * The messages of the sample, written without its classes, as any other program would
 * send them.
 */
final class ExampleMessages {

	static final String USER = "type.googleapis.com/example.User";

	static final String ADMIN = "type.googleapis.com/example.Admin";

	private ExampleMessages() {
	}

	static ByteString user(String id, String name) {
		return strings(id, name);
	}

	static ByteString admin(String name) {
		return strings(name);
	}

	/**
	 * Return the greeting of {@code example/count}.
	 * @param name the name in the message
	 * @param seen number of messages that its id has had, including this one
	 * @return the text
	 */
	static String greeting(String name, int seen) {
		return switch (seen) {
			case 1 -> "Hello " + name;
			case 2 -> "Hello again!";
			case 3 -> "Third time's the charm";
			default -> "Hello for the " + seen + "th time";
		};
	}

	/**
	 * Encode a message whose fields are strings, numbered from 1.
	 * @param values the values of the fields
	 * @return the bytes
	 */
	private static ByteString strings(String... values) {
		UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();
		for (int i = 0; i < values.length; i++) {
			fields.mergeLengthDelimitedField(i + 1, ByteString.copyFromUtf8(values[i]));
		}
		return fields.build().toByteString();
	}

}
