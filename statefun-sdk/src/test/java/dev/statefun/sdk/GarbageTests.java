package dev.statefun.sdk;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.handler.RequestRefusedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for arbitrary requests and handlers: each request is answered, refused or fails
 * with an exception of the SDK, no other exception escapes, and the next request is
 * served.
 */
class GarbageTests {

	private final RequestReplyHandler handler = new RequestReplyHandler(
			StatefulFunctions.builder().register(Cluster.FUNCTION, new Busy()).build());

	private static byte[] valid(Dialect dialect) {
		return Cluster.request()
			.state("count", Values.count(7))
			.state("text", Values.text("Grüße"))
			.absentState("raw")
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("Ada"))
			.message(Values.count(1))
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.of("a/b", Values.user("Bob")))
			.toByteArray(dialect == Dialect.V3);
	}

	private void assertContained(byte[] request) {
		CompletableFuture<byte[]> reply = this.handler.handle(request).toCompletableFuture();
		assertThat(reply.isDone()).isTrue();
		try {
			byte[] bytes = reply.join();
			Dialect dialect = BatchRequest.decode(request, null).dialect();
			parseReply(dialect, bytes);
			// A request that is answered could have been sent by a cluster
			parseRequest(dialect, request);
		}
		catch (CompletionException ex) {
			assertThat(ex.getCause()).isInstanceOfAny(RequestRefusedException.class, InvocationFailedException.class);
		}
		catch (InvalidProtocolBufferException ex) {
			throw new AssertionError(HexFormat.of().formatHex(request), ex);
		}
	}

	private static Message parseReply(Dialect dialect, byte[] reply) throws InvalidProtocolBufferException {
		return (dialect == Dialect.V2) ? dev.statefun.testwire.v2.FromFunction.parseFrom(reply)
				: dev.statefun.testwire.v3.FromFunction.parseFrom(reply);
	}

	private static Message parseRequest(Dialect dialect, byte[] request) throws InvalidProtocolBufferException {
		return (dialect == Dialect.V2) ? dev.statefun.testwire.v2.ToFunction.parseFrom(request)
				: dev.statefun.testwire.v3.ToFunction.parseFrom(request);
	}

	private void assertRefused(byte[] request) {
		assertThat(Cluster.failureOf(this.handler.handle(request))).as("%s", HexFormat.of().formatHex(request))
			.isInstanceOf(RequestRefusedException.class);
	}

	private void assertStillServing() {
		for (Dialect dialect : Dialect.values()) {
			ClusterReply reply = ClusterReply.of(dialect == Dialect.V3,
					Cluster.replyOf(this.handler.handle(valid(dialect))));
			assertThat(reply.sent()).hasSize(3);
			assertThat(reply.stateChanges()).hasSize(3);
		}
	}

	// Wraps fields of a batch in field 100
	private static byte[] batch(String... hexOfFields) {
		byte[] fields = HexFormat.of().parseHex(String.join("", hexOfFields));
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.writeBytes(new byte[] { (byte) 0xa2, 0x06, (byte) fields.length });
		out.writeBytes(fields);
		return out.toByteArray();
	}

	private static byte[] hex(String hex) {
		return HexFormat.of().parseHex(hex);
	}

	@Nested
	class RandomBytes {

		@Test
		void emptyBodyIsRefused() {
			assertRefused(new byte[0]);
			assertStillServing();
		}

		@Test
		void randomBytesAreContained() {
			Random random = new Random(1);
			for (int i = 0; i < 20_000; i++) {
				byte[] bytes = new byte[random.nextInt(200)];
				random.nextBytes(bytes);
				assertContained(bytes);
			}
			assertStillServing();
		}

		@Test
		void randomBytesInABatchAreContained() {
			Random random = new Random(2);
			for (int i = 0; i < 20_000; i++) {
				byte[] bytes = new byte[3 + random.nextInt(120)];
				random.nextBytes(bytes);
				bytes[0] = (byte) 0xa2;
				bytes[1] = 6;
				bytes[2] = (byte) (bytes.length - 3);
				assertContained(bytes);
			}
			assertStillServing();
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void everyRequestThatIsCutOffIsRefused(Dialect dialect) {
			byte[] request = valid(dialect);
			for (int length = 0; length < request.length; length++) {
				assertRefused(Arrays.copyOf(request, length));
			}
			assertStillServing();
		}

		@ParameterizedTest
		@ValueSource(strings = { KnownBytesTests.A, KnownBytesTests.B, KnownBytesTests.C, KnownBytesTests.D,
				KnownBytesTests.E, KnownBytesTests.F })
		void everyKnownRequestThatIsCutOffIsRefused(String request) {
			byte[] bytes = hex(request);
			for (int length = 0; length < bytes.length; length++) {
				assertRefused(Arrays.copyOf(bytes, length));
			}
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void replacingAnyByteIsContained(Dialect dialect) {
			byte[] request = valid(dialect);
			for (int i = 0; i < request.length; i++) {
				byte original = request[i];
				for (int value = 0; value < 256; value++) {
					request[i] = (byte) value;
					assertContained(request);
				}
				request[i] = original;
			}
			assertStillServing();
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void replacingSeveralBytesIsContained(Dialect dialect) {
			byte[] original = valid(dialect);
			Random random = new Random(3);
			for (int i = 0; i < 25_000; i++) {
				byte[] request = original.clone();
				for (int changes = 2 + random.nextInt(4); changes > 0; changes--) {
					request[random.nextInt(request.length)] = (byte) random.nextInt();
				}
				assertContained(request);
			}
			assertStillServing();
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void missingAndDuplicatedBytesAreContained(Dialect dialect) {
			byte[] original = valid(dialect);
			for (int i = 0; i < original.length; i++) {
				assertContained(spliced(original, i, i + 1));
				assertContained(spliced(original, i + 1, i));
			}
			assertStillServing();
		}

		// The bytes up to one place and those from another one, in a batch of the
		// right length
		private static byte[] spliced(byte[] original, int end, int start) {
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			out.write(original, 0, end);
			out.write(original, start, original.length - start);
			byte[] spliced = out.toByteArray();
			int length = spliced.length - 4;
			if (original.length > 132 && length > 127 && end > 4) {
				spliced[2] = (byte) (length & 0x7f | 0x80);
				spliced[3] = (byte) (length >> 7);
			}
			return spliced;
		}

	}

	@Nested
	class Structure {

		private static final String TARGET = "0a190a076578616d706c65120866756e6374696f6e1a0469642d31";

		private static final String MESSAGE = "1a071205" + "0a03612f62";

		@Test
		void fixturesAreWellFormed() {
			StatefulFunctions functions = StatefulFunctions.builder()
				.register(FunctionSpec.of(Cluster.FUNCTION), (context, message) -> {
				})
				.build();
			assertThat(Cluster.replyOf(new RequestReplyHandler(functions).handle(batch(TARGET, MESSAGE)))).hasSize(3);
		}

		@ParameterizedTest
		@ValueSource(strings = { "ffffffff07", "ffffffff0f", "8080808008", "ffffffffffffffff7f", "ffffffffffffffffff01",
				"7f", "8080808080808080808001" })
		void hugeLengthsAreRefused(String length) {
			assertRefused(hex("a206" + length));
			assertRefused(hex("a206" + length + "0a00"));
			assertRefused(batch("0a" + length));
			assertRefused(batch(TARGET, "1a" + length));
			assertRefused(batch(TARGET, MESSAGE, "12" + length));
			assertRefused(batch(TARGET, MESSAGE, "fa01" + length));
			assertRefused(batch("0a0c0a" + length));
			assertStillServing();
		}

		@Test
		void numberOfTenBytesIsAccepted() {
			StatefulFunctions functions = StatefulFunctions.builder()
				.register(FunctionSpec.of(Cluster.FUNCTION), (context, message) -> {
				})
				.build();
			RequestReplyHandler handler = new RequestReplyHandler(functions);
			byte[] request = batch(TARGET, "1a12" + "1210" + "0a03612f62" + "10ffffffffffffffffff01");
			assertThat(Cluster.replyOf(handler.handle(request))).hasSize(3);
			assertThat(BatchRequest.decode(request, null).dialect()).isEqualTo(Dialect.V3);
		}

		@Test
		void numberOfElevenBytesIsRefused() {
			assertRefused(batch(TARGET, "1a13" + "1211" + "0a03612f62" + "10ffffffffffffffffffff01"));
			assertRefused(hex("ffffffffffffffffffffff01"));
		}

		@ParameterizedTest
		@ValueSource(strings = { "00", "02", "07", "8000", "ffffffffff1f" })
		void invalidTagIsRefused(String tag) {
			assertRefused(hex(tag));
			assertRefused(batch(tag));
			assertRefused(batch(TARGET, MESSAGE, tag + "00"));
		}

		@ParameterizedTest
		@ValueSource(strings = { "7b7c", "7b", "7c", "7b08017c", "7e", "7f", "0b0c", "1b1c" })
		void groupsAndWireTypesThatDoNotExistAreRefused(String field) {
			// Proto3 has no groups, and no cluster sends any
			assertRefused(batch(TARGET, MESSAGE, field));
			assertRefused(hex(field));
		}

		@Test
		void fieldsOfAWrongWireTypeAreUnknownFields() {
			assertRefused(hex("a00601"));
			assertRefused(hex("a5060000"));
			assertRefused(batch("0801", MESSAGE));
			assertRefused(batch(TARGET, "1801"));
			assertRefused(batch("0d00000000", MESSAGE));
		}

		@ParameterizedTest
		@FieldSource("incomplete")
		void batchWithoutTargetOrMessagesIsRefused(byte[] request) {
			assertRefused(request);
		}

		static final List<byte[]> incomplete = List.of(batch(), batch(TARGET), batch(MESSAGE), hex("0a00"),
				hex("a2060008"));

		@Test
		void duplicatesOfSingleFieldsAreRefused() {
			// Protobuf would merge them; no cluster sends that
			assertRefused(batch(TARGET, TARGET, MESSAGE));
			byte[] once = batch(TARGET, MESSAGE);
			ByteArrayOutputStream twice = new ByteArrayOutputStream();
			twice.writeBytes(once);
			twice.writeBytes(once);
			assertRefused(twice.toByteArray());
			assertRefused(batch(TARGET, "1a04" + "1200" + "1200"));
			assertRefused(batch(TARGET, "1a06" + "0a00" + "0a00" + "1200"));
		}

		@Test
		void duplicateStateValueIsRefusedOn3x() {
			// Each alone is a state; together they would be merged or the first be
			// ignored
			String first = "1207" + "0a03612f62" + "1001";
			String second = "1202" + "1001";
			String message3x = "1a091207" + "0a03612f62" + "1001";
			assertRefused(batch(TARGET, "12100a0173" + first + second, message3x));
		}

		@Test
		void stateThatIsNoTypedValueIsRefusedOn3x() {
			String message3x = "1a091207" + "0a03612f62" + "1001";
			for (String state : List.of("ff", "0a05", "1a", "10", "0b", "00", "0a01ff")) {
				int length = state.length() / 2;
				assertRefused(batch(TARGET, "12%02x0a017312%02x%s".formatted(5 + length, length, state), message3x));
			}
		}

		@Test
		void invocationsWithoutAMessageAreRefused() {
			int count = 100_000;
			byte[] target = hex(TARGET);
			byte[] request = new byte[5 + target.length + 2 * count];
			int length = request.length - 5;
			byte[] header = { (byte) 0xa2, 6, (byte) (length | 0x80), (byte) (length >> 7 | 0x80),
					(byte) (length >> 14) };
			System.arraycopy(header, 0, request, 0, 5);
			System.arraycopy(target, 0, request, 5, target.length);
			for (int i = 5 + target.length; i < request.length; i += 2) {
				request[i] = 0x1a;
			}
			StatefulFunctions functions = StatefulFunctions.builder()
				.register(FunctionSpec.of(Cluster.FUNCTION), (context, message) -> {
				})
				.build();
			assertThat(Cluster.failureOf(new RequestReplyHandler(functions).handle(request)))
				.isInstanceOf(RequestRefusedException.class)
				.hasMessageContaining("an invocation without a message");
		}

	}

	@Nested
	class Texts {

		@ParameterizedTest
		@ValueSource(strings = { "ff", "c0", "c080", "c1bf", "e08080", "eda080", "edbfbf", "f0808080", "f4908080",
				"f5808080", "80", "bf", "c3", "e282", "f09f98", "61ff", "c3c3", "e28228", "f09f9828" })
		void textsThatAreNoUtf8AreRefused(String text) {
			int length = text.length() / 2;
			String[] addresses = { field(0x0a, text), field(0x12, text), field(0x1a, text) };
			String address = "0a0161" + "120162";
			String message = "0a03612f62" + "1001";
			for (String part : addresses) {
				assertRefused(batch(field(0x0a, address + part), field(0x1a, field(0x12, message))));
				assertRefused(
						batch(field(0x0a, address), field(0x1a, field(0x0a, address + part) + field(0x12, message))));
			}
			assertRefused(batch(field(0x0a, address), field(0x1a, field(0x12, field(0x0a, text) + "1001"))));
			assertRefused(batch(field(0x0a, address), field(0x1a, field(0x12, field(0x0a, text) + "120101"))));
			assertRefused(
					batch(field(0x0a, address), field(0x12, field(0x0a, text)), field(0x1a, field(0x12, message))));
			assertThat(length).isPositive();
		}

		@ParameterizedTest
		@ValueSource(strings = { "", "7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf", "f0908080",
				"f48fbfbf", "f09f9880" })
		void textsThatAreUtf8AreAccepted(String text) {
			String address = "0a0161" + "120162" + field(0x1a, text);
			byte[] request = batch(field(0x0a, address), field(0x1a, field(0x12, "0a03612f62" + "1001")));
			assertThat(BatchRequest.decode(request, null).targetId())
				.isEqualTo(new String(hex(text), StandardCharsets.UTF_8));
		}

		private static String field(int tag, String hex) {
			return "%02x%02x%s".formatted(tag, hex.length() / 2, hex);
		}

	}

	@Nested
	class Handlers {

		static final List<Supplier<Throwable>> mistakes = List.of(() -> new Exception("checked"),
				() -> new IllegalStateException(), () -> new Error("error"), () -> new AssertionError(),
				StackOverflowError::new, () -> new OutOfMemoryError("thrown, not suffered"), NoClassDefFoundError::new,
				() -> new CompletionException("wrapped", new Exception()), () -> new CompletionException("bare", null),
				Nameless::new);

		@ParameterizedTest
		@FieldSource("mistakes")
		void everyThrowableOfAHandlerFailsOnlyItsBatch(Supplier<Throwable> mistake) {
			assertFailedOnly(new Throwing(mistake));
		}

		@ParameterizedTest
		@FieldSource("mistakes")
		void everyFailureOfAStageFailsOnlyItsBatch(Supplier<Throwable> mistake) {
			assertFailedOnly(new Failing(() -> CompletableFuture.failedFuture(mistake.get())));
		}

		@ParameterizedTest
		@FieldSource("mistakes")
		void everyFailureOfAPendingStageFailsOnlyItsBatch(Supplier<Throwable> mistake) {
			CompletableFuture<Object> pending = new CompletableFuture<>();
			CompletableFuture<byte[]> reply = new RequestReplyHandler(
					StatefulFunctions.builder().register(Cluster.FUNCTION, new Failing(() -> pending)).build())
				.handle(Cluster.request(Values.user("a")).toV3().toByteArray())
				.toCompletableFuture();
			pending.completeExceptionally(mistake.get());
			assertThat(reply.isDone()).as("answered").isTrue();
			assertThat(Cluster.failureOf(reply)).isInstanceOf(InvocationFailedException.class);
		}

		@Test
		void exceptionWithoutReadableTextFailsOnlyItsBatch() {
			assertFailedOnly(new Throwing(Unspeakable::new));
		}

		@Test
		void interruptionFailsOnlyItsBatch() {
			assertFailedOnly(new Throwing(InterruptedException::new));
			assertThat(Thread.interrupted()).isFalse();
		}

		@Test
		void stackOverflowFailsOnlyItsBatch() {
			assertFailedOnly(new Object() {

				@Handler
				int deeper(User user) {
					return 1 + deeper(user);
				}

			});
		}

		@Test
		void unknownMessageTypeFailsOnlyItsBatch() {
			assertThat(Cluster.failureOf(new RequestReplyHandler(
					StatefulFunctions.builder().register(Cluster.FUNCTION, new Throwing(Exception::new)).build())
				.handle(Cluster.request(Values.count(1)).toV3().toByteArray())))
				.isInstanceOf(InvocationFailedException.class);
		}

		@Test
		void unknownFunctionIsRefused() {
			assertRefused(ClusterRequest.to("a/b", "1").message(Values.user("a")).toV2().toByteArray());
			assertRefused(ClusterRequest.to("a/b", "1").message(Values.user("a")).toV3().toByteArray());
			assertStillServing();
		}

		private static void assertFailedOnly(Object function) {
			StatefulFunctions functions = StatefulFunctions.builder()
				.register(Cluster.FUNCTION, function)
				.register("example/other", new Busy())
				.build();
			RequestReplyHandler handler = new RequestReplyHandler(functions);
			for (Dialect dialect : Dialect.values()) {
				CompletionStage<byte[]> reply = handler
					.handle(Cluster.request(Values.user("a")).toByteArray(dialect == Dialect.V3));
				assertThat(Cluster.failureOf(reply)).isInstanceOf(InvocationFailedException.class);
				assertThat(new Cluster(dialect, functions)
					.call(ClusterRequest.to("example/other", "1")
						.absentState("count")
						.absentState("text")
						.absentState("raw")
						.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a")))
					.sent()).hasSize(1);
			}
		}

	}

	@Nested
	class Codecs {

		// An immutable value is encoded when the batch is complete, so it fails
		// outside the handlers

		@ParameterizedTest
		@ValueSource(classes = { StackOverflowError.class, IllegalStateException.class })
		void stateThatCannotBeEncodedFailsOnlyItsBatch(Class<? extends Throwable> mistake) {
			assertThat(Cluster.failureOf(handler(mistake, CompletableFuture.completedFuture("x")).handle(request())))
				.isInstanceOf(InvocationFailedException.class);
		}

		@ParameterizedTest
		@ValueSource(classes = { StackOverflowError.class, IllegalStateException.class })
		void stateThatCannotBeEncodedAfterAPendingStageFailsOnlyItsBatch(Class<? extends Throwable> mistake) {
			CompletableFuture<String> pending = new CompletableFuture<>();
			CompletableFuture<byte[]> reply = handler(mistake, pending).handle(request()).toCompletableFuture();
			pending.complete("x");
			assertThat(reply.isDone()).as("answered").isTrue();
			assertThat(Cluster.failureOf(reply)).isInstanceOf(InvocationFailedException.class);
		}

		private static byte[] request() {
			return Cluster.request()
				.absentState("deep")
				.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a"))
				.toV3()
				.toByteArray();
		}

		private static RequestReplyHandler handler(Class<? extends Throwable> mistake, CompletionStage<String> stage) {
			return new RequestReplyHandler(
					StatefulFunctions.builder().codec(new DeepCodec(mistake)).register(Cluster.FUNCTION, new Object() {

						@Handler
						CompletionStage<String> on(User user, @Persisted("deep") PersistedValue<Deep> deep) {
							deep.set(new Deep());
							return stage;
						}

					}).build());
		}

	}

	/**
	 * A function that has every kind of effect and handles every message.
	 */
	static class Busy {

		@Handler
		User on(User user, @Persisted("count") PersistedValue<Count> count,
				@Persisted("text") PersistedValue<String> text, @Persisted("raw") PersistedValue<Any> raw,
				Context context) {
			count.set(Values.countOf(count.get().map(Count::getValue).orElse(0) + 1));
			text.set(text.get().orElse("") + context.self().id() + user.getName());
			raw.get();
			raw.set(Values.of(user));
			return user;
		}

		@Handler
		void other(Any message, Context context) {
			context.send("a/b", "1", message);
		}

	}

	/**
	 * Throws an exception.
	 *
	 * @param mistake creates the exception
	 */
	record Throwing(Supplier<? extends Throwable> mistake) {

		@Handler
		void on(User user) throws Throwable {
			throw this.mistake.get();
		}

	}

	/**
	 * Returns a stage.
	 *
	 * @param stage supplies the stage
	 */
	record Failing(Supplier<? extends CompletionStage<?>> stage) {

		@Handler
		CompletionStage<?> on(User user) {
			return this.stage.get();
		}

	}

	/**
	 * An exception whose methods throw.
	 */
	static class Unspeakable extends RuntimeException {

		@Override
		public String getMessage() {
			throw new IllegalStateException("no words");
		}

	}

	/**
	 * An exception without a text.
	 */
	static class Nameless extends RuntimeException {

		@Override
		@SuppressWarnings("NullAway")
		public @Nullable String toString() {
			return null;
		}

	}

	/**
	 * A value that can't be encoded.
	 */
	record Deep() {

	}

	/**
	 * Fails to be encoded, as a value that is nested too deeply.
	 *
	 * @param mistake exception to throw
	 */
	record DeepCodec(Class<? extends Throwable> mistake) implements MessageCodec<Deep> {

		@Override
		public Class<Deep> type() {
			return Deep.class;
		}

		@Override
		public String typename() {
			return "my/deep";
		}

		@Override
		public boolean immutable() {
			return true;
		}

		@Override
		public Deep decode(byte[] buffer, int offset, int length) {
			return new Deep();
		}

		@Override
		public byte[] encode(Deep value) throws Exception {
			if (this.mistake == StackOverflowError.class) {
				throw new StackOverflowError();
			}
			throw new IllegalStateException();
		}

	}

}
