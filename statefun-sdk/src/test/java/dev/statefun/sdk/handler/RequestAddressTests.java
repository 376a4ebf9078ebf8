package dev.statefun.sdk.handler;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the target address of a request, which is found without decoding the rest.
 */
class RequestAddressTests {

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void addressesOfOneInstanceAreEqual(Dialect dialect) {
		ByteBuffer first = addressOf(
				ClusterRequest.to("a/b", "joe").message(Values.user("x")).toByteArray(dialect == Dialect.V3));
		ByteBuffer second = addressOf(ClusterRequest.to("a/b", "joe")
			.state("count", Values.count(3))
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("y"))
			.toByteArray(dialect == Dialect.V3));
		ByteBuffer other = addressOf(
				ClusterRequest.to("a/b", "joe2").message(Values.user("x")).toByteArray(dialect == Dialect.V3));
		assertThat(first).isNotNull().isEqualTo(second).hasSameHashCodeAs(second).isNotEqualTo(other);
		assertThat(Objects.requireNonNull(first).isReadOnly()).isTrue();
	}

	@Test
	void addressIsFoundAtAnyPosition() {
		ByteString address = UnknownFieldSet.newBuilder()
			.addField(3, Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8("id")).build())
			.build()
			.toByteString();
		byte[] request = UnknownFieldSet.newBuilder()
			.addField(7, Field.newBuilder().addVarint(1).build())
			.addField(100,
					Field.newBuilder()
						.addLengthDelimited(ByteString.copyFrom(new byte[] { 0x1a, 0x00 })
							.concat(ByteString.copyFrom(new byte[] { 0x0a, (byte) address.size() }))
							.concat(address))
						.build())
			.build()
			.toByteArray();
		assertThat(addressOf(request)).isEqualTo(address.asReadOnlyByteBuffer());
	}

	@Test
	void garbageHasNoAddress() {
		assertThat(addressOf(new byte[0])).isNull();
		assertThat(addressOf(new byte[] { (byte) 0xa2, 0x06, 0x00 })).isNull();
		assertThat(addressOf(new byte[] { (byte) 0xa2, 0x06, 0x7f })).isNull();
		Random random = new Random(1);
		for (int i = 0; i < 10_000; i++) {
			byte[] garbage = new byte[random.nextInt(40)];
			random.nextBytes(garbage);
			ByteBuffer address = addressOf(garbage);
			assertThat((address != null) ? address.remaining() : 0).isLessThanOrEqualTo(garbage.length);
		}
	}

	private static @Nullable ByteBuffer addressOf(byte[] request) {
		return RequestReplyHandler.targetBytes(request);
	}

}
