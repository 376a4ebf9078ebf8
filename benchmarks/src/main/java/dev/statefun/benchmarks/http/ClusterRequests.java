package dev.statefun.benchmarks.http;

import java.nio.charset.StandardCharsets;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;

/**
 * Requests as a 3.x cluster sends them (protocol.md §1).
 */
final class ClusterRequests {

	static final String COUNTER = "bench/count";

	static final String STATE = "count";

	/** The id, replaced by the load before each request. */
	private static final String ID = "00000000";

	private static final String INT = "io.statefun.types/int";

	private ClusterRequests() {
	}

	/**
	 * Messages for the counter, which has counted before.
	 * @param messages how many
	 * @return the body
	 */
	static byte[] count(int messages) {
		UnknownFieldSet.Builder batch = UnknownFieldSet.newBuilder()
			.addField(1, nested(address("bench", "count", ID)))
			.addField(2, nested(fields(text(STATE), nested(number(41)))));
		for (int i = 0; i < messages; i++) {
			batch.mergeField(3, nested(fields(nested(address("bench", "caller", "one")), nested(number(1)))));
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
		ByteString wrapped = UnknownFieldSet.newBuilder()
			.addField(1, Field.newBuilder().addFixed32(value).build())
			.build()
			.toByteString();
		return UnknownFieldSet.newBuilder()
			.addField(1, text(INT))
			.addField(2, Field.newBuilder().addVarint(1).build())
			.addField(3, Field.newBuilder().addLengthDelimited(wrapped).build())
			.build();
	}

	private static UnknownFieldSet fields(Field first, Field second) {
		return UnknownFieldSet.newBuilder().addField(1, first).addField(2, second).build();
	}

	private static Field nested(UnknownFieldSet message) {
		return Field.newBuilder().addLengthDelimited(message.toByteString()).build();
	}

	private static Field text(String text) {
		return Field.newBuilder().addLengthDelimited(ByteString.copyFrom(text, StandardCharsets.UTF_8)).build();
	}

}
