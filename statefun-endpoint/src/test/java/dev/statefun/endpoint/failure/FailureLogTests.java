package dev.statefun.endpoint.failure;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.failure.InvalidMessageException;
import dev.statefun.sdk.handler.RequestRefusedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testing.ClusterRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureLog}.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailureLogTests {

	private static final String ERROR = " ERROR ";

	private Instant now = Instant.parse("2026-11-22T10:00:00Z");

	private final FailureLog log = new FailureLog(() -> this.now);

	private RuntimeException poison = new IllegalArgumentException("poison");

	@Test
	void oneLineWithAStackTraceIsLoggedPerMinute(CapturedOutput output) {
		for (int i = 0; i < 1000; i++) {
			this.log.failed(failure("test/first", "id " + i));
		}
		assertThat(output).containsOnlyOnce(ERROR)
			.contains("Function 'test/first' failed for id 'id 0' on message 1 of 1")
			.contains("java.lang.IllegalArgumentException: poison")
			.contains("\tat " + FailureLogTests.class.getName());
	}

	@Test
	void nextLineCountsSuppressedLines(CapturedOutput output) {
		for (int i = 0; i < 42; i++) {
			this.log.failed(failure("test/first", "joe"));
		}
		this.now = this.now.plus(Duration.ofSeconds(60));
		this.log.failed(failure("test/first", "ann"));
		this.now = this.now.plus(Duration.ofSeconds(60));
		this.log.failed(failure("test/first", "bob"));
		assertThat(output.getAll().lines().filter((line) -> line.contains(ERROR))).hasSize(3)
			.satisfiesExactly((first) -> assertThat(first).contains("'joe'").doesNotContain("left out"),
					(second) -> assertThat(second).contains("'ann'").endsWith("(similar lines suppressed: 41)"),
					(third) -> assertThat(third).contains("'bob'").doesNotContain("left out"));
	}

	@Test
	void eachFunctionAndCauseHasItsOwnLine(CapturedOutput output) {
		this.log.failed(failure("test/first", "joe"));
		this.log.failed(failure("test/second", "joe"));
		this.poison = new IllegalStateException("other");
		this.log.failed(failure("test/first", "joe"));
		this.log.failed(new IllegalStateException("unexpected"));
		assertThat(output.getAll().lines().filter((line) -> line.contains(ERROR))).hasSize(4);
	}

	@Test
	void wrappedCausesHaveSeparateLines(CapturedOutput output) {
		this.poison = new UndeclaredThrowableException(new IOException("first"));
		this.log.failed(failure("test/first", "joe"));
		this.log.failed(failure("test/first", "joe"));
		this.poison = new UndeclaredThrowableException(new TimeoutException("second"));
		this.log.failed(failure("test/first", "joe"));
		assertThat(output.getAll().lines().filter((line) -> line.contains(ERROR))).hasSize(2);
		assertThat(output).contains("nothing of the batch was applied: java.io.IOException: first")
			.contains("nothing of the batch was applied: java.util.concurrent.TimeoutException: second");
	}

	@Test
	void unreadableStateHasItsOwnLineHoweverTheHandlerWrapsIt(CapturedOutput output) {
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionSpec.of("test/first").state("count", Integer.class), (context, message) -> {
				try {
					context.state("count", Integer.class).get();
				}
				catch (IllegalStateException ex) {
					throw new IllegalArgumentException("no count", ex);
				}
				throw new IllegalArgumentException("poison");
			})
			.build();
		RequestReplyHandler handler = new RequestReplyHandler(functions);
		for (String stored : List.of("int", "string", "string", "int")) {
			this.log.failed(failureOf(handler,
					ClusterRequest.v3("test/first", "joe")
						.state("count", "io.statefun.types/" + stored, ByteString.EMPTY)
						.message(1)
						.toByteArray()));
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains(ERROR)))
			.satisfiesExactly((line) -> assertThat(line).contains("poison"), (line) -> assertThat(line)
				.contains("Function 'test/first' failed for id 'joe' on message 1 of 1, of the type "
						+ "'io.statefun.types/int'; nothing of the batch was applied: "
						+ "java.lang.IllegalArgumentException: no count, caused by "
						+ "dev.statefun.sdk.failure.UnreadableStateException: State 'count' of function 'test/first' holds a "
						+ "value of the type 'io.statefun.types/string'; expected 'io.statefun.types/int'."));
	}

	@Test
	void skippedMessageIsLogged(CapturedOutput output) {
		handle("test/first", "j\noe", (failed) -> FailureAction.skip());
		assertThat(output).containsOnlyOnce(ERROR)
			.contains("Skipping a message of the type 'io.statefun.types/int' (5 bytes) for function 'test/first', "
					+ "id 'j?oe'")
			.contains("java.lang.IllegalArgumentException: poison");
	}

	@Test
	void deadLetterIsLogged(CapturedOutput output) {
		handle("test/first", "joe",
				(failed) -> FailureAction.deadLetter(EgressId.parse("test/letters"), failed.message()));
		assertThat(output).containsOnlyOnce(ERROR)
			.contains("Sending a dead letter to 'test/letters' about a message of the type 'io.statefun.types/int'");
	}

	@Test
	void retriedBatchIsLoggedOnce(CapturedOutput output) {
		this.log.failed(failure("test/first", "joe"));
		assertThat(output).containsOnlyOnce(ERROR);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '^',
			textBlock = """
					shop/Unknown            | 1    | Function 'test/typed' failed for id 'j?oe' on message 1 of 1, of the type \
					'shop/Unknown'; nothing of the batch was applied: dev.statefun.sdk.failure.UnhandledMessageException: Function \
					'test/typed' takes no message of type 'shop/Unknown'; expected one of [test/broken, io.statefun.types/string]. Add a \
					@Handler method for the type, or one for google.protobuf.Any that takes everything else
					io.statefun.types/string | 1    | Function 'test/typed' failed for id 'j?oe' on message 1 of 1, of the type \
					'io.statefun.types/string'; nothing of the batch was applied: dev.statefun.sdk.failure.MessageDecodingException: \
					Function 'test/typed' got 1 bytes that are no message of the type 'io.statefun.types/string'; expected a \
					'java.lang.String': 1 bytes are no value of type 'io.statefun.types/string'
					io.statefun.types/string | -    | Function 'test/typed' failed for id 'j?oe' on message 1 of 1, of the type \
					'io.statefun.types/string'; nothing of the batch was applied: dev.statefun.sdk.failure.InvalidMessageException: \
					empty? ERROR ?it is
					""")
	void invalidMessageIsLoggedWithoutAStackTrace(String type, String value, String line, CapturedOutput output) {
		ByteString bytes = value.equals("-") ? ByteString.EMPTY : ByteString.copyFromUtf8(value);
		for (int i = 0; i < 42; i++) {
			this.log.failed(failureOf(typed((failed) -> FailureAction.retry()), typedRequest(type, bytes)));
		}
		this.now = this.now.plus(Duration.ofSeconds(60));
		this.log.failed(failureOf(typed((failed) -> FailureAction.retry()), typedRequest(type, bytes)));
		assertThat(logged(output)).hasSize(2)
			.satisfiesExactly((first) -> assertThat(first).endsWith(" " + line),
					(second) -> assertThat(second).endsWith(" " + line + " (similar lines suppressed: 41)"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '^',
			textBlock = """
					skip        | Skipping a message of the type 'shop/Unknown' (1 bytes) for function 'test/typed', id 'j?oe': \
					Function 'test/typed' takes no message of type 'shop/Unknown'; expected one of [test/broken, io.statefun.types/string]. \
					Add a @Handler method for the type, or one for google.protobuf.Any that takes everything else
					dead-letter | Sending a dead letter to 'test/letters' about a message of the type 'shop/Unknown' (1 bytes) \
					for function 'test/typed', id 'j?oe': Function 'test/typed' takes no message of type 'shop/Unknown'; \
					expected one of [test/broken, io.statefun.types/string]. Add a @Handler method for the type, or one for \
					google.protobuf.Any that takes everything else
					""")
	void messageAtFaultThatIsSkippedOrADeadLetterIsOneLineToo(String decision, String line, CapturedOutput output) {
		FailurePolicy policy = (failed) -> decision.equals("skip") ? FailureAction.skip()
				: FailureAction.deadLetter(EgressId.parse("test/letters"), failed.message());
		for (int i = 0; i < 3; i++) {
			failureOf(typed(policy), typedRequest("shop/Unknown", ByteString.copyFromUtf8("1")));
		}
		assertThat(logged(output)).singleElement().asString().endsWith(" " + line);
	}

	@Test
	void parserMessageIsShortenedToOneLine(CapturedOutput output) {
		this.poison = new IllegalStateException("first\nsecond " + "x".repeat(1000));
		this.log.failed(failureOf(typed((failed) -> FailureAction.retry()),
				typedRequest("test/broken", ByteString.copyFromUtf8("1"))));
		assertThat(logged(output)).singleElement()
			.asString()
			.endsWith("got 1 bytes that are no message of the type 'test/broken'; expected a '" + Broken.class.getName()
					+ "': first?second " + "x".repeat(187) + "…");
	}

	@Test
	void wrappedInvalidMessageIsLoggedWithAStackTrace(CapturedOutput output) {
		this.poison = new IllegalStateException("wrong", new InvalidMessageException("inside", null));
		this.log.failed(failure("test/first", "joe"));
		assertThat(output).contains("java.lang.IllegalStateException: wrong")
			.contains("\tat " + FailureLogTests.class.getName());
	}

	@Test
	void unreadableStateWrappedAsInvalidMessageIsLoggedWithAStackTrace(CapturedOutput output) {
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionSpec.of("test/first").state("count", Integer.class), (context, message) -> {
				try {
					context.state("count", Integer.class).get();
				}
				catch (IllegalStateException ex) {
					throw new InvalidMessageException("no count", ex);
				}
			})
			.build();
		this.log.failed(failureOf(new RequestReplyHandler(functions),
				ClusterRequest.v3("test/first", "joe")
					.state("count", "io.statefun.types/string", ByteString.EMPTY)
					.message(1)
					.toByteArray()));
		assertThat(output).containsOnlyOnce(ERROR)
			.contains(
					"Caused by: dev.statefun.sdk.failure.UnreadableStateException: State 'count' of function 'test/first'");
	}

	@Test
	void rejectedRequestsDoNotFloodTheLog(CapturedOutput output) {
		for (int i = 0; i < 1000; i++) {
			this.log.refused(refusal("test/unknown" + i));
			this.log.refused(refusal("garbage"));
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains(ERROR))).hasSize(2);
		assertThat(output).contains("Function 'test/unknown0' is not served here")
			.contains("Not a request of a StateFun cluster")
			.doesNotContain("\tat ");
	}

	@Test
	void unprintableExceptionIsLoggedWithoutAStackTrace(CapturedOutput output) {
		this.poison = new UnreadableException();
		this.log.failed(failure("test/first", "joe"));
		assertThat(output).contains("Function 'test/first' failed for id 'joe'")
			.contains("(the stack of its class " + UnreadableException.class.getName()
					+ " can't be printed: class java.lang.UnsupportedOperationException)");
	}

	@Test
	void clockSetBackDoesNotSilenceTheLog(CapturedOutput output) {
		this.log.failed(failure("test/first", "joe"));
		this.now = this.now.minus(Duration.ofHours(1));
		this.log.failed(failure("test/first", "ann"));
		assertThat(output).contains("'joe'").contains("'ann'");
	}

	@Test
	void unboundedCausesShareOneLine(CapturedOutput output) {
		this.poison = new StacklessException();
		for (int i = 0; i < 1500; i++) {
			this.log.failed(failure("test/f" + i, "joe"));
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains(ERROR))).hasSize(1001);
		this.now = this.now.plus(Duration.ofMinutes(2));
		this.log.failed(failure("test/new", "joe"));
		assertThat(output).contains("Function 'test/new' failed");
	}

	@Test
	void tooSlowBatchIsLoggedWithASuggestedBatchSize(CapturedOutput output) {
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionSpec.of("test/slow"),
					(context, message) -> new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS))
			.build();
		RequestReplyHandler handler = RequestReplyHandler.builder(functions)
			.batchTimeout(Duration.ofMillis(200))
			.build();
		ClusterRequest request = ClusterRequest.v3("test/slow", "joe");
		for (int i = 0; i < 100; i++) {
			request.message(i);
		}
		this.log.failed(failureOf(handler, request.toByteArray()));
		this.log.failed(failureOf(handler, request.toByteArray()));
		assertThat(output).doesNotContain(ERROR)
			.containsOnlyOnce("WARN")
			.containsPattern("Function 'test/slow' failed for id 'joe' on message \\d+ of 100")
			.containsPattern(
					"took more than 200 ms \\('statefun.batch-timeout' with Spring Boot\\), in which \\d+ of its "
							+ "100 messages were handled, \\d+ ms each")
			.containsPattern("Set 'maxNumBatchRequests: 1?\\d' or less");
	}

	private Throwable failure(String type, String id) {
		return handle(type, id, (failed) -> FailureAction.retry());
	}

	private RequestRefusedException refusal(String type) {
		byte[] request = type.equals("garbage") ? new byte[] { 1, 2, 3 }
				: ClusterRequest.v3(type, "joe").message(1).toByteArray();
		return (RequestRefusedException) failureOf(new RequestReplyHandler(StatefulFunctions.builder().build()),
				request);
	}

	private Throwable handle(String type, String id, FailurePolicy policy) {
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionSpec.of(type), (context, message) -> {
				throw this.poison;
			})
			.build();
		RequestReplyHandler handler = RequestReplyHandler.builder(functions)
			.failurePolicy(policy)
			.listener(this.log.decisions())
			.build();
		return failureOf(handler, ClusterRequest.v3(type, id).message(1).toByteArray());
	}

	private RequestReplyHandler typed(FailurePolicy policy) {
		StatefulFunctions functions = StatefulFunctions.builder()
			.codec(MessageCodec.of(Broken.class, "test/broken", (value) -> new byte[0], (bytes) -> {
				throw this.poison;
			}))
			.register("test/typed", new Typed())
			.build();
		return RequestReplyHandler.builder(functions).failurePolicy(policy).listener(this.log.decisions()).build();
	}

	private static byte[] typedRequest(String type, ByteString value) {
		return ClusterRequest.v3("test/typed", "j\noe").message(type, value).toByteArray();
	}

	// Returns the complete output, including stack frames
	private static List<String> logged(CapturedOutput output) {
		return output.getAll().lines().toList();
	}

	private static Throwable failureOf(RequestReplyHandler handler, byte[] request) {
		try {
			handler.handle(request).toCompletableFuture().get();
			return new AssertionError("did not fail");
		}
		catch (ExecutionException ex) {
			return Objects.requireNonNull(ex.getCause());
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	static final class Typed {

		@Handler
		void on(String text) {
			if (text.isEmpty()) {
				throw new InvalidMessageException("empty\n ERROR \u2028it is", null);
			}
		}

		@Handler
		void on(Broken broken) {
		}

	}

	record Broken() {

	}

	private static final class StacklessException extends RuntimeException {

		private StacklessException() {
			super("poison", null, false, false);
		}

	}

	private static final class UnreadableException extends RuntimeException {

		@Override
		public String getMessage() {
			throw new UnsupportedOperationException("no text");
		}

	}

}
