package dev.statefun.benchmarks.workload;

import java.nio.charset.StandardCharsets;
import java.util.List;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;

/**
 * Creates requests as a 3.x cluster sends them (protocol.md §1).
 */
public final class ClusterRequests {

	/** Placeholder for the id, which the load replaces before each request. */
	private static final String ID = "00000000";

	/** Type of a counter's messages. */
	public static final String INT = "io.statefun.types/int";

	private ClusterRequests() {
	}

	/**
	 * Create a request with messages for a counter, which has counted before.
	 * @param function name of the function, in the namespace {@code bench}
	 * @param messages number of messages
	 * @return the body
	 */
	public static byte[] count(String function, int messages) {
		return batch(function, nested(fields(text(Names.STATE), nested(number(41)))), number(1), messages);
	}

	/**
	 * Create a request with messages for a counter, each with headers.
	 * @param function name of the function, in the namespace {@code bench}
	 * @param messages number of messages
	 * @param keys keys of the headers
	 * @return the body
	 */
	public static byte[] countWithHeaders(String function, int messages, List<String> keys) {
		UnknownFieldSet.Builder message = number(1).toBuilder();
		for (String key : keys) {
			message.mergeField(4,
					nested(fields(text(key), text("value-of-" + key)).toBuilder()
						.addField(3, Field.newBuilder().addVarint(1).build())
						.build()));
		}
		return batch(function, nested(fields(text(Names.STATE), nested(number(41)))), message.build(), messages);
	}

	/**
	 * Create a request with messages for a function with several int states, each of
	 * which has a value.
	 * @param function name of the function, in the namespace {@code bench}
	 * @param messages number of messages
	 * @param count number of states; the number of each follows its name
	 * @return the body
	 */
	public static byte[] withStates(String function, int messages, int count) {
		Field.Builder states = Field.newBuilder();
		for (int i = 0; i < count; i++) {
			states.mergeFrom(nested(fields(text(Names.STATE + i), nested(number(41)))));
		}
		return batch(function, states.build(), number(1), messages);
	}

	/**
	 * Create a request with JSON messages for a function with a JSON state.
	 * @param function name of the function, in the namespace {@code bench}
	 * @param messages number of messages
	 * @return the body
	 */
	public static byte[] order(String function, int messages) {
		UnknownFieldSet total = value(Total.TYPENAME, utf8("{\"orders\":41,\"quantity\":123}"));
		UnknownFieldSet order = value(Order.TYPENAME,
				utf8("{\"sku\":\"A-4711\",\"quantity\":3,\"note\":\"leave it at the door\"}"));
		return batch(function, nested(fields(text(Names.STATE), nested(total))), order, messages);
	}

	/**
	 * Create a request with messages for a function without states.
	 * @param function name of the function, in the namespace {@code bench}
	 * @param messages number of messages
	 * @return the body
	 */
	public static byte[] stateless(String function, int messages) {
		return batch(function, Field.getDefaultInstance(), number(1), messages);
	}

	/**
	 * Encode the value of a message for a counter.
	 * @param value the number
	 * @return the bytes
	 */
	public static byte[] integer(int value) {
		return bytes(value).toByteArray();
	}

	private static byte[] batch(String function, Field states, UnknownFieldSet argument, int messages) {
		UnknownFieldSet.Builder batch = UnknownFieldSet.newBuilder()
			.addField(1, nested(address(Names.NAMESPACE, function, ID)));
		if (!states.getLengthDelimitedList().isEmpty()) {
			batch.addField(2, states);
		}
		Field invocation = nested(fields(nested(address(Names.NAMESPACE, "caller", "one")), nested(argument)));
		for (int i = 0; i < messages; i++) {
			batch.mergeField(3, invocation);
		}
		return UnknownFieldSet.newBuilder().addField(100, nested(batch.build())).build().toByteArray();
	}

	private static UnknownFieldSet address(String namespace, String name, String id) {
		return UnknownFieldSet.newBuilder()
			.addField(1, text(namespace))
			.addField(2, text(name))
			.addField(3, text(id))
			.build();
	}

	private static UnknownFieldSet number(int value) {
		return value(INT, bytes(value));
	}

	private static UnknownFieldSet value(String typename, ByteString value) {
		return UnknownFieldSet.newBuilder()
			.addField(1, text(typename))
			.addField(2, Field.newBuilder().addVarint(1).build())
			.addField(3, Field.newBuilder().addLengthDelimited(value).build())
			.build();
	}

	private static UnknownFieldSet fields(Field first, Field second) {
		return UnknownFieldSet.newBuilder().addField(1, first).addField(2, second).build();
	}

	private static ByteString bytes(int value) {
		return UnknownFieldSet.newBuilder()
			.addField(1, Field.newBuilder().addFixed32(value).build())
			.build()
			.toByteString();
	}

	private static Field nested(UnknownFieldSet message) {
		return Field.newBuilder().addLengthDelimited(message.toByteString()).build();
	}

	private static Field text(String text) {
		return Field.newBuilder().addLengthDelimited(utf8(text)).build();
	}

	private static ByteString utf8(String text) {
		return ByteString.copyFrom(text, StandardCharsets.UTF_8);
	}

}
