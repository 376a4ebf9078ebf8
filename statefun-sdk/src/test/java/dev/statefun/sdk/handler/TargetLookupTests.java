package dev.statefun.sdk.handler;

import java.util.Map;
import java.util.Random;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.statefun.sdk.FunctionType;
import dev.statefun.testing.ClusterRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TargetLookup}.
 */
class TargetLookupTests {

	private static final String LONG_NAME = "n".repeat(300);

	private final TargetLookup<Integer> lookup = new TargetLookup<>(Map.of(FunctionType.of("a", "b"), 1,
			FunctionType.of("a", "c"), 2, FunctionType.of("x/y", "é"), 3, FunctionType.of("a", LONG_NAME), 4));

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void valueOfTheTargetIsFound(boolean v3) {
		assertThat(find(v3, "a/b", "joe")).isOne();
		assertThat(find(v3, "a/b", "ann")).isOne();
		assertThat(find(v3, "a/b", "")).isOne();
		assertThat(find(v3, "a/c", "joe")).isEqualTo(2);
		assertThat(find(v3, "x/y/é", "joe")).isEqualTo(3);
		assertThat(find(v3, "a/" + LONG_NAME, "joe")).isEqualTo(4);
		assertThat(find(v3, "a/d", "joe")).isNull();
		assertThat(find(v3, "b/a", "joe")).isNull();
	}

	private @Nullable Integer find(boolean v3, String typename, String id) {
		return this.lookup.find(ClusterRequest.to(typename, id)
			.intState("sum", 1)
			.message(1)
			.messageFrom("a/c", "x", 2)
			.toByteArray(v3));
	}

	@Test
	void fieldsMayHaveAnyOrder() {
		ByteString address = UnknownFieldSet.newBuilder()
			.addField(3, text("joe"))
			.build()
			.toByteString()
			.concat(UnknownFieldSet.newBuilder().addField(2, text("b")).build().toByteString())
			.concat(UnknownFieldSet.newBuilder()
				.addField(1, text("a"))
				.addField(9, Field.newBuilder().addVarint(1).build())
				.build()
				.toByteString());
		ByteString batch = UnknownFieldSet.newBuilder()
			.addField(1, Field.newBuilder().addLengthDelimited(address).build())
			.build()
			.toByteString();
		assertThat(this.lookup.find(UnknownFieldSet.newBuilder()
			.addField(100, Field.newBuilder().addLengthDelimited(batch).build())
			.build()
			.toByteArray())).isOne();
	}

	private static Field text(String text) {
		return Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8(text)).build();
	}

	@Test
	void garbageHasNoValue() {
		byte[] request = ClusterRequest.v3("a/b", "joe").message(1).toByteArray();
		assertThat(this.lookup.find(new byte[0])).isNull();
		assertThat(this.lookup.find(new byte[] { (byte) 0xa2, 0x06, 0x00 })).isNull();
		assertThat(this.lookup.find(new byte[] { (byte) 0xa2, 0x06, 0x02, 0x0a, 0x00 })).isNull();
		Random random = new Random(1);
		for (int i = 0; i < 10_000; i++) {
			byte[] garbage = request.clone();
			for (int j = 0; j < 3; j++) {
				garbage[random.nextInt(garbage.length)] = (byte) random.nextInt();
			}
			assertThat(this.lookup.find(garbage)).isIn(null, 1, 2);
		}
	}

}
