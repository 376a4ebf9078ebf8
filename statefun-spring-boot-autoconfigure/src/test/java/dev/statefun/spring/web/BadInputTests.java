package dev.statefun.spring.web;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.statefun.endpoint.failure.FailureLog;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.CancellationToken;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.egress.Egress;
import dev.statefun.sdk.egress.KinesisEgress;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.StatefulFunctionsCustomizer;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.context.junit.jupiter.web.SpringJUnitWebConfig;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for each row on bad input in {@code docs/reference/errors.md}: the response, the
 * log line, and that the next request is answered.
 */
@SpringJUnitWebConfig(BadInputTests.Functions.class)
@ExtendWith(OutputCaptureExtension.class)
class BadInputTests {

	private static final String HIDDEN = "The function failed; see the log of this service.";

	private static final byte[] GOOD = command("ok").toByteArray();

	private final MockMvcTester mvc;

	BadInputTests(WebApplicationContext context) {
		this.mvc = MockMvcTester.from(context);
	}

	@AfterEach
	void theNextRequestIsAnswered() {
		assertThat(post(GOOD)).hasStatusOk();
	}

	@Test
	void emptyBody(CapturedOutput output) {
		assertRefused(post(new byte[0]), output,
				"Not a request of a StateFun cluster: 0 bytes carry no invocation batch");
	}

	@Test
	void randomBytes(CapturedOutput output) {
		byte[] bytes = new byte[300];
		new Random(7).nextBytes(bytes);
		assertRefused(post(bytes), output, "Not a request of a StateFun cluster: byte ");
	}

	@Test
	void truncatedRequest(CapturedOutput output) {
		assertRefused(post(Arrays.copyOf(GOOD, GOOD.length - 1)), output, "Not a request of a StateFun cluster: byte ");
		for (int length = 0; length < GOOD.length; length++) {
			assertThat(post(Arrays.copyOf(GOOD, length))).hasStatus(500);
		}
	}

	@Test
	void wrongContentType(CapturedOutput output) {
		MvcTestResult result = this.mvc.post()
			.uri("/statefun")
			.contentType(MediaType.APPLICATION_JSON)
			.content(GOOD)
			.exchange();
		assertRefused(result, output,
				"Content type 'application/json' is not what a StateFun cluster sends; expected 'application/octet-stream'");
	}

	@Test
	void wrongMethod(CapturedOutput output) {
		assertThat(this.mvc.get().uri("/statefun")).hasStatus(405).hasHeader("Allow", "POST");
		assertThat(output).doesNotContain("ERROR");
	}

	@Test
	void unknownFunction(CapturedOutput output) {
		assertRefused(post(ClusterRequest.v3("test/\nunknown", "joe").message(1).toByteArray()), output,
				"Function 'test/?unknown' is not served here; check the function's name in the code and in the cluster's module.yaml");
	}

	@Test
	void missingStateOn2x(CapturedOutput output) {
		MvcTestResult result = post(ClusterRequest.v2("test/command", "joe").message(1).toByteArray());
		assertRefused(result, output,
				"Function 'test/command' declares the states [count], which the 2.x cluster did not send. ");
		assertThat(output).contains("\nstates:\n  - name: count");
	}

	@Test
	void unknownMessageType(CapturedOutput output) {
		byte[] request = ClusterRequest.v3("test/command", "joe")
			.absentState("count")
			.message("shop/Unknown", ByteString.EMPTY)
			.toByteArray();
		assertFailed(post(request), output,
				"Function 'test/command' failed for id 'joe' on message 1 of 1, of the type 'shop/Unknown'",
				"takes no message of type 'shop/Unknown'; expected one of [io.statefun.types/string]. Add a @Handler method");
	}

	@Test
	void timerOfAFunctionThatDeclaresNone(CapturedOutput output) {
		byte[] request = ClusterRequest.v3("test/command", "joe")
			.absentState("count")
			.message("statefun/timer", ByteString.EMPTY)
			.toByteArray();
		assertFailed(post(request), output,
				"Function 'test/command' failed for id 'joe' on message 1 of 1, of the type 'statefun/timer'",
				"A named timer has sent it, but the function declares no timers: keep a parameter of the type Timers");
	}

	@Test
	void rightTypeWithGarbageInside(CapturedOutput output) {
		byte[] request = ClusterRequest.v3("test/command", "joe")
			.absentState("count")
			.message("io.statefun.types/string", ByteString.copyFromUtf8("garbage"))
			.toByteArray();
		assertFailed(post(request), output, "of the type 'io.statefun.types/string'",
				"got 7 bytes that are no message of the type 'io.statefun.types/string'; expected a 'java.lang.String'");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '^',
			textBlock = """
					handlerException     | java.lang.IllegalArgumentException: no luck
					replyWithoutCaller   | Function 'test/command' can't reply: the message came from an ingress or a timer and has no caller.
					undeclaredState      | Function 'test/command' has no state 'other'; declared are [count]. Add a parameter @Persisted("other") PersistedValue<Integer>
					undeclaredRecord     | Function 'test/command' was asked for the record 'dev.statefun.spring.web.BadInputTests$Totals', but does not declare its state 'total' of type 'java.lang.Integer'; declared are [state 'count' of type 'java.lang.Integer']. Add a parameter of the record to a handler, or states(Totals.class) to its FunctionSpec
					wrongStateType       | State 'count' of function 'test/command' was asked for as a 'java.lang.String', but is declared as a 'java.lang.Integer'
					nullMessage          | java.lang.NullPointerException: 'message' must not be null
					nullTarget           | java.lang.NullPointerException: 'target' must not be null
					nullState            | State 'count' of function 'test/command' can't be set to null; use remove() to delete it
					emptyId              | A message to 'test/other' needs an id that is not empty
					emptyIdOfATarget     | A message to 'test/other' needs an id that is not empty
					wrongTarget          | The target is for messages of the type 'java.lang.Long', but function 'test/command' has no handler for [io.statefun.types/long]; it takes [io.statefun.types/string]. Add a handler to bean
					unknownEgress        | Egress 'other' is not known; known are [names]. Use one of these names, or declare the egress: with the properties 'statefun.egresses.other.*', or by StatefulFunctions.Builder.egress.
					keylessEgress        | A record for egress 'names' needs a partition key, as it goes to the Kinesis stream 'names' of 'test/kinesis'; call sendEgress(egress, key, value)
					emptyKeyOfAnEgress   | The key of a record for egress 'names' is empty; give one that is not, or, for Kafka, call sendEgress(egress, value) to send a record without a key
					badTargetType        | Function type 'other' is not valid. Write it in the form '<namespace>/<name>', with both parts non-empty.
					negativeDelay        | 'delay' must be between zero and 100 million years, but is PT-0.001S
					overflowingDelay     | 'delay' must be between zero and 100 million years, but is PT2562047788015215H30M7S
					badHeaderKey         | Header key 'no key' is not valid. Give it 1 to 128 letters, digits or characters of
					oversizedHeader      | With header 'key', the headers of a message would have 9003 bytes; expected at most 8192. Put large values into the message
					undeclaredTimers     | Function 'test/command' does not declare timers. Add a parameter of the type Timers to a handler, timers() to its FunctionSpec, or hasTimers() to its FunctionHandler
					unmappedMessage      | No mapping for type 'java.lang.Thread'. Mark it with @MessageType
					lateContext          | The context of function 'test/command' was used after its invocation had ended; its effects would be lost.
					""")
	void mistakeOfAHandler(String command, String line, CapturedOutput output) {
		if (command.equals("lateContext")) {
			assertThat(post(command("keep").toByteArray())).hasStatusOk();
		}
		assertFailed(post(command(command).toByteArray()), output,
				"Function 'test/command' failed for id 'joe' on message 1 of 1, of the type 'io.statefun.types/string'; nothing of the batch was applied: ",
				line);
	}

	@Test
	void stateOfAnotherType(CapturedOutput output) {
		byte[] request = ClusterRequest.v3("test/command", "joe")
			.state("count", "io.statefun.types/long", ByteString.EMPTY)
			.message("io.statefun.types/string", text("readCount"))
			.toByteArray();
		assertFailed(post(request), output, "Function 'test/command' failed for id 'joe'",
				"State 'count' of function 'test/command' holds a value of the type 'io.statefun.types/long'; expected 'io.statefun.types/int'.");
	}

	@Test
	void cancellationOn2x(CapturedOutput output) {
		byte[] request = ClusterRequest.v2("test/command", "joe")
			.absentState("count")
			.message("io.statefun.types/string", text("cancel"))
			.toByteArray();
		assertFailed(post(request), output, "Function 'test/command' failed for id 'joe'",
				"can't use a cancellation token: the cluster is of the generation 2.x");
	}

	@Test
	void receivedEmptyId() {
		byte[] request = ClusterRequest.v3("test/command", "")
			.absentState("count")
			.message("io.statefun.types/string", text("ok"))
			.toByteArray();
		assertThat(post(request)).hasStatusOk();
	}

	@Test
	void largeBody(CapturedOutput output) {
		ByteString value = ByteString.copyFrom(new byte[20_000_000]);
		MvcTestResult result = post(
				ClusterRequest.v3("test/forwarder", "joe").message("shop/Large", value).toByteArray());
		assertThat(result).hasStatusOk();
		assertThat(ClusterReply.v3(result.getResponse().getContentAsByteArray()).messages()).hasSize(1);
		byte[] garbage = new byte[20_000_000];
		assertRefused(post(garbage), output,
				"Not a request of a StateFun cluster: byte 0 of 20000000: no valid field tag");
	}

	@Test
	void everyRowOfTheDocumentationIsTested() throws Exception {
		String page = Files.readString(Path.of("../docs/reference/errors.md"));
		List<MatchResult> proofs = Pattern.compile("`(BadInputTests|TrafficTests)\\.(\\w+)`")
			.matcher(page)
			.results()
			.toList();
		assertThat(proofs).hasSizeGreaterThan(15);
		for (MatchResult proof : proofs) {
			Class<?> tests = proof.group(1).equals("TrafficTests") ? TrafficTests.class : BadInputTests.class;
			assertThat(tests.getDeclaredMethods()).extracting(Method::getName).contains(proof.group(2));
		}
	}

	private static void assertRefused(MvcTestResult result, CapturedOutput output, String message) {
		assertThat(result).hasStatus(500).hasContentType("text/plain;charset=UTF-8").bodyText().startsWith(message);
		assertThat(output).contains("ERROR").contains(message);
	}

	private static void assertFailed(MvcTestResult result, CapturedOutput output, String... lines) {
		assertThat(result).hasStatus(500).bodyText().isEqualTo(HIDDEN);
		assertThat(output).contains("ERROR").contains(lines);
	}

	private static ClusterRequest command(String command) {
		return ClusterRequest.v3("test/command", "joe")
			.absentState("count")
			.message("io.statefun.types/string", text(command));
	}

	private static ByteString text(String text) {
		return UnknownFieldSet.newBuilder()
			.mergeLengthDelimitedField(1, ByteString.copyFromUtf8(text))
			.build()
			.toByteString();
	}

	private MvcTestResult post(byte[] body) {
		return this.mvc.post()
			.uri("/statefun")
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.content(body)
			.exchange();
	}

	private record Totals(PersistedValue<Integer> total) {

	}

	@StatefulFunction("test/command")
	static class CommandFunction {

		private @Nullable Context kept;

		@Handler
		@SuppressWarnings("NullAway")
		void on(String command, Context context, @Persisted("count") PersistedValue<Integer> count) {
			switch (command) {
				case "ok" -> count.set(1);
				case "keep" -> this.kept = context;
				case "readCount" -> count.get();
				case "handlerException" -> throw new IllegalArgumentException("no luck");
				case "replyWithoutCaller" -> context.reply("hello");
				case "undeclaredState" -> context.state("other", Integer.class);
				case "undeclaredTimers" -> Timers.of(context);
				case "undeclaredRecord" -> context.states(Totals.class);
				case "wrongStateType" -> context.state("count", String.class);
				case "nullMessage" -> context.send("test/other", "1", null);
				case "nullTarget" -> context.send((Address) null, "hello");
				case "nullState" -> count.set(null);
				case "emptyId" -> context.send("test/other", "", "hello");
				case "emptyIdOfATarget" -> context.send(Target.of("test/other", String.class).id(""), "hello");
				case "wrongTarget" -> context.send(Target.of("test/command", long.class).id("1"), 1L);
				case "unknownEgress" -> context.sendEgress(Egress.of("other", String.class), "hello");
				case "keylessEgress" -> context.sendEgress(Egress.of("names", String.class), "hello");
				case "emptyKeyOfAnEgress" -> context.sendEgress(Egress.of("names", String.class), "", "hello");
				case "badTargetType" -> context.send("other", "1", "hello");
				case "negativeDelay" -> context.sendAfter(Duration.ofMillis(-1), context.self(), "hello");
				case "overflowingDelay" ->
					context.sendAfter(Duration.ofSeconds(Long.MAX_VALUE), context.self(), "hello");
				case "badHeaderKey" -> context.withHeaders(Headers.of("no key", "x")).send("test/other", "1", "hello");
				case "oversizedHeader" -> context.withHeaders(Headers.of("key", "x".repeat(9000)));
				case "unmappedMessage" -> context.send("test/other", "1", Thread.currentThread());
				case "lateContext" -> this.kept.send("test/other", "1", "hello");
				case "cancel" -> context.cancelDelayed(CancellationToken.of("token"));
				default -> throw new IllegalStateException(command);
			}
		}

	}

	@StatefulFunction("test/forwarder")
	static class Forwarder {

		@Handler
		void on(Any message, Context context) {
			context.send("test/other", "1", message);
		}

	}

	@EnableWebMvc
	@Configuration(proxyBeanMethods = false)
	@Import({ CommandFunction.class, Forwarder.class })
	@ImportAutoConfiguration({ StatefunAutoConfiguration.class, StatefunWebMvcAutoConfiguration.class })
	static class Functions {

		@Bean
		StatefulFunctionsCustomizer egresses() {
			return (functions) -> functions.egress("names", KinesisEgress.of("test/kinesis", "names"));
		}

		// A minute passes between two failures, so that each is logged
		@Bean
		FailureLog failureLog() {
			AtomicLong minutes = new AtomicLong();
			return new FailureLog(() -> Instant.EPOCH.plus(Duration.ofMinutes(minutes.incrementAndGet())));
		}

	}

}
