package dev.statefun.sdk.handler;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import java.util.concurrent.CompletionException;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import com.sun.management.ThreadMXBean;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the memory that decoding a request needs besides its bytes.
 */
class DecodedSizeTests {

	private static final String EMPTY_INVOCATION = "1a00";

	private static final String EMPTY_MESSAGE = "1a021200";

	private static final String EMPTY_STATE = "1200";

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final RequestReplyHandler handler = new RequestReplyHandler(
			StatefulFunctions.builder().register(FunctionSpec.of("shop/cart"), (context, message) -> {
			}).build());

	@Test
	void eachMessageNeeds28BytesAndEachState32() {
		assertThat(RequestReplyHandler.decodedSize(request(EMPTY_MESSAGE, 3))).isEqualTo(3 * 28);
		assertThat(RequestReplyHandler.decodedSize(request(EMPTY_STATE, 5))).isEqualTo(5 * 32);
	}

	@Test
	void decodingAllocatesAtLeastThatMuch() {
		byte[] request = request(EMPTY_MESSAGE, 100_000);
		long said = RequestReplyHandler.decodedSize(request);
		assertThat(said).isEqualTo(2_800_000);
		assertThat(allocatedBy(() -> BatchRequest.decode(request, null))).isGreaterThanOrEqualTo(said);
	}

	@Test
	void countingAllocatesNothing() {
		byte[] request = request(EMPTY_MESSAGE, 100_000);
		assertThat(allocatedBy(() -> RequestReplyHandler.decodedSize(request))).isLessThan(10_000);
		assertThat(allocatedBy(() -> RequestReplyHandler.targetAddress(request))).isLessThan(10_000);
	}

	@Test
	void messageWithoutBytesIsHandled() {
		byte[] reply = this.handler.handle(request(EMPTY_MESSAGE, 2)).toCompletableFuture().join();
		assertThat(reply).isNotEmpty();
	}

	@Test
	void emptyEntriesAreRefusedBeforeMemoryIsAllocated() {
		byte[] request = request(EMPTY_INVOCATION, 1_000_000);
		assertThat(RequestReplyHandler.decodedSize(request)).isZero();
		assertThat(allocatedBy(() -> refuse(request))).isLessThan(100_000);
	}

	@Test
	void bytesThatAreNoRequestNeedNoMemory() {
		assertThat(RequestReplyHandler.decodedSize(new byte[0])).isZero();
		assertThat(RequestReplyHandler.decodedSize(HexFormat.of().parseHex("a2067f"))).isZero();
		assertThat(RequestReplyHandler.decodedSize(HexFormat.of().parseHex("0a00"))).isZero();
	}

	private void refuse(byte[] request) {
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> this.handler.handle(request).toCompletableFuture().join())
			.withCauseInstanceOf(RequestRefusedException.class)
			.withMessageContaining("an invocation without a message");
	}

	private static long allocatedBy(Runnable action) {
		// A first call, so that no class is loaded during the measurement
		action.run();
		long before = THREADS.getCurrentThreadAllocatedBytes();
		action.run();
		return THREADS.getCurrentThreadAllocatedBytes() - before;
	}

	private static byte[] request(String entry, int count) {
		byte[] target = HexFormat.of().parseHex("0a0f0a0473686f701204636172741a0131");
		byte[] one = HexFormat.of().parseHex(entry);
		ByteArrayOutputStream batch = new ByteArrayOutputStream();
		batch.writeBytes(target);
		for (int i = 0; i < count; i++) {
			batch.writeBytes(one);
		}
		return UnknownFieldSet.newBuilder()
			.addField(100, Field.newBuilder().addLengthDelimited(ByteString.copyFrom(batch.toByteArray())).build())
			.build()
			.toByteArray();
	}

}
