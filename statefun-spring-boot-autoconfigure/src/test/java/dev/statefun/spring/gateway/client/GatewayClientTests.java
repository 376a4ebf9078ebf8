package dev.statefun.spring.gateway.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.failure.FailureKind;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.client.FunctionRequestException;
import dev.statefun.spring.client.FunctionRequestException.Reason;
import dev.statefun.spring.gateway.GatewayReply;
import dev.statefun.spring.gateway.GatewayReply.Outcome;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.GatewayRequest.Kind;
import dev.statefun.spring.gateway.client.RequestObserver.ObservedRequest;
import dev.statefun.spring.testing.ScriptedGateway;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the client for functions, with a scripted gateway.
 */
@Timeout(60)
class GatewayClientTests {

	private static final Address JOE = Address.of("test/greeter", "joe");

	private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

	private final ScriptedGateway gateway = new ScriptedGateway();

	private final GatewayThreads threads = GatewayThreads.platform();

	private final AtomicInteger unexpected = new AtomicInteger();

	private final List<String> outcomes = new CopyOnWriteArrayList<>();

	private final GatewayRequests requests = new GatewayRequests(this.gateway, this.unexpected::incrementAndGet,
			(target, kind) -> new ObservedRequest() {

				@Override
				public Headers headers(Headers headers) {
					return headers.and("traceparent", "trace");
				}

				@Override
				public void end(String outcome, @Nullable Throwable failure) {
					GatewayClientTests.this.outcomes.add(outcome);
				}

			}, 10_000, 2, this.threads);

	private final StatefulFunctions functions = StatefulFunctions.builder()
		.codec(MessageCodec.of(Name.class, "test/Name", (name) -> name.text().getBytes(StandardCharsets.UTF_8),
				(bytes) -> new Name(new String(bytes, StandardCharsets.UTF_8))))
		.register(FunctionSpec.of("test/greeter"), (context, message) -> {
		})
		.build();

	private final GatewayClient client = new GatewayClient(this.requests, this.functions, Duration.ofSeconds(30),
			InstantSource.fixed(NOW));

	@AfterEach
	void close() {
		this.requests.close();
		this.threads.close();
	}

	private static Any value(String text) {
		return Any.newBuilder().setTypeUrl("test/Name").setValue(ByteString.copyFromUtf8(text)).build();
	}

	private static void assertFails(CompletionStage<?> stage, Reason reason, String message) {
		assertThat(stage.toCompletableFuture()).failsWithin(20, TimeUnit.SECONDS)
			.withThrowableOfType(ExecutionException.class)
			.havingCause()
			.asInstanceOf(InstanceOfAssertFactories.type(FunctionRequestException.class))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason))
			.extracting(Throwable::getMessage)
			.asString()
			.contains(message);
	}

	@Test
	void requestReturnsTheReply() throws Exception {
		CompletionStage<Name> reply = this.client.to(JOE)
			.headers(Headers.of("tenant", "blue"))
			.idempotencyKey("k1")
			.principal("ann")
			.timeout(Duration.ofSeconds(5))
			.request(new Name("Joe"), Name.class);
		GatewayRequest sent = this.gateway.lastRequest();
		assertThat(sent.kind()).isEqualTo(Kind.REQUEST);
		assertThat(sent.target()).isEqualTo(JOE);
		assertThat(sent.message()).isEqualTo(value("Joe"));
		assertThat(sent.headers()).isEqualTo(Headers.of("tenant", "blue").and("traceparent", "trace"));
		assertThat(sent.idempotencyKey()).isEqualTo("k1");
		assertThat(sent.principal()).isEqualTo("ann");
		assertThat(sent.deadline()).isEqualTo(NOW.plusSeconds(5));
		assertThat(this.requests.waiting()).isOne();
		this.gateway.reply(value("Hello Joe"));
		assertThat(reply.toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(new Name("Hello Joe"));
		assertThat(this.requests.waiting()).isZero();
		assertThat(this.outcomes).containsExactly("replied");
	}

	@Test
	void typedTargetTakesItsMessagesOnly() throws Exception {
		CompletionStage<Any> reply = this.client.request(Target.of("test/greeter", Name.class).id("joe"),
				new Name("Joe"), Any.class, Duration.ofSeconds(5));
		this.gateway.reply(value("Hello"));
		assertThat(reply.toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(value("Hello"));
	}

	@Test
	void callBlocksUntilTheReply() {
		CompletableFuture<Name> called = CompletableFuture
			.supplyAsync(() -> this.client.to("test/greeter", "joe").call(new Name("Joe"), Name.class));
		await().until(() -> !this.gateway.requests().isEmpty());
		this.gateway.reply(value("Hello"));
		assertThat(called).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo(new Name("Hello"));
	}

	@Test
	void codeThatDependsOnAReplyMayCallAgain() {
		CompletionStage<Name> second = this.client.to(JOE)
			.request(new Name("one"), Name.class)
			.thenApply((first) -> this.client.to(JOE).call(first, Name.class));
		this.gateway.reply(value("two"));
		await().until(() -> this.gateway.requests().size() == 2);
		assertThat(this.gateway.lastRequest().message()).isEqualTo(value("two"));
		this.gateway.reply(value("three"));
		assertThat(second.toCompletableFuture()).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo(new Name("three"));
	}

	@Test
	void sendCompletesWhenTheTransportHasTheMessage() {
		CompletableFuture<Void> acknowledgment = new CompletableFuture<>();
		this.gateway.acknowledgeWith(acknowledgment);
		CompletableFuture<Void> sent = this.client.send(JOE, new Name("Joe")).toCompletableFuture();
		assertThat(this.gateway.lastRequest().kind()).isEqualTo(Kind.SEND);
		assertThat(sent).isNotDone();
		acknowledgment.complete(null);
		assertThat(sent).succeedsWithin(20, TimeUnit.SECONDS);
		await().untilAsserted(() -> assertThat(this.outcomes).containsExactly("sent"));
	}

	@Test
	void failureOfTheTransportIsUnavailable() {
		this.gateway.acknowledgeWith(CompletableFuture.failedFuture(new IllegalStateException("broker down")));
		assertFails(this.client.send(JOE, new Name("Joe")), Reason.UNAVAILABLE, "broker down");
		assertFails(this.client.to(JOE).request(new Name("Joe"), Name.class), Reason.UNAVAILABLE, "broker down");
		assertThat(this.requests.waiting()).isZero();
	}

	@Test
	void observationEndsBeforeCodeThatDependsOnTheReply() {
		CompletionStage<List<String>> seen = this.client.to(JOE)
			.request(new Name("Joe"), Name.class)
			.thenApply((reply) -> List.copyOf(this.outcomes));
		this.gateway.reply(value("Hello"));
		assertThat(seen.toCompletableFuture()).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo(List.of("replied"));
	}

	@Test
	void requestIsNotSentBeforeRepliesAreReceived() {
		this.gateway.notReady();
		assertFails(this.client.to(JOE).request(new Name("Joe"), Name.class), Reason.UNAVAILABLE, "was not sent");
		assertFails(this.client.send(JOE, new Name("Joe")), Reason.UNAVAILABLE, "was not sent");
		assertThat(this.gateway.requests()).isEmpty();
	}

	@Test
	void requestTimesOut() {
		assertFails(this.client.to(JOE).timeout(Duration.ofMillis(20)).request(new Name("Joe"), Name.class),
				Reason.TIMED_OUT, "no reply within 20 ms");
		this.gateway.reply(value("late"));
		assertThat(this.unexpected).hasValue(1);
		assertThat(this.requests.waiting()).isZero();
	}

	@Test
	void secondReplyIsCountedOnly() throws Exception {
		CompletionStage<Name> reply = this.client.to(JOE).request(new Name("Joe"), Name.class);
		this.gateway.reply(value("first"));
		this.gateway.reply(value("second"));
		assertThat(reply.toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(new Name("first"));
		assertThat(this.unexpected).hasValue(1);
	}

	@Test
	void recordThatIsNoReplyIsIgnored() throws Exception {
		CompletionStage<Name> reply = this.client.to(JOE).request(new Name("Joe"), Name.class);
		this.gateway.receive("garbage".getBytes(StandardCharsets.UTF_8));
		this.gateway.receive(new byte[0]);
		this.gateway.reply(value("Hello"));
		assertThat(reply.toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(new Name("Hello"));
	}

	@Test
	void onlySoManyRequestsWait() {
		this.client.to(JOE).request(new Name("a"), Name.class);
		CompletionStage<Name> second = this.client.to(JOE).request(new Name("b"), Name.class);
		assertFails(this.client.to(JOE).request(new Name("c"), Name.class), Reason.BUSY, "2 requests wait");
		assertThat(this.gateway.requests()).hasSize(2);
		second.toCompletableFuture().cancel(false);
		assertThat(this.requests.waiting()).isOne();
		assertThat(this.client.to(JOE).request(new Name("d"), Name.class).toCompletableFuture()).isNotDone();
		assertThat(this.outcomes).containsExactly("busy", "canceled");
	}

	@Test
	void requestThatIsTooLargeIsNotSent() {
		assertFails(this.client.to(JOE).request(new Name("x".repeat(10_000)), Name.class), Reason.REQUEST_TOO_LARGE,
				"'statefun.gateway.max-request-size' allows 10000");
		assertFails(this.client.send(JOE, new Name("x".repeat(10_000))), Reason.REQUEST_TOO_LARGE, "bytes");
		assertThat(this.gateway.requests()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "CONFLICT, CONFLICT", "UNKNOWN_FUNCTION, UNKNOWN_FUNCTION", "REPLY_TOO_LARGE, REPLY_TOO_LARGE",
			"EXPIRED, TIMED_OUT", "BUSY, BUSY", "REFUSED, REFUSED", "NOT_FOUND, NOT_FOUND", "PENDING, TIMED_OUT" })
	void outcomesAreExceptions(Outcome outcome, Reason reason) {
		CompletionStage<Name> reply = this.client.to(JOE).request(new Name("Joe"), Name.class);
		this.gateway.reply(GatewayReply.of(this.gateway.lastRequest().id(), outcome));
		assertFails(reply, reason, "");
	}

	@Test
	void failureHasItsKind() {
		CompletableFuture<Name> called = CompletableFuture
			.supplyAsync(() -> this.client.to(JOE).call(new Name("Joe"), Name.class));
		await().until(() -> !this.gateway.requests().isEmpty());
		this.gateway.reply(new GatewayReply(this.gateway.lastRequest().id(), Outcome.FAILED, null, "INVALID"));
		assertThat(called).failsWithin(20, TimeUnit.SECONDS)
			.withThrowableOfType(ExecutionException.class)
			.havingCause()
			.asInstanceOf(InstanceOfAssertFactories.type(FunctionRequestException.class))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.FAILED))
			.satisfies((ex) -> assertThat(ex.failure()).isEqualTo(FailureKind.INVALID));
	}

	@Test
	void replyOfAnotherTypeIsUnexpected() {
		CompletionStage<Name> reply = this.client.to(JOE).request(new Name("Joe"), Name.class);
		this.gateway.reply(Any.newBuilder().setTypeUrl("test/Other").build());
		assertFails(reply, Reason.UNEXPECTED_REPLY, "'test/Other'; expected [test/Name]");
	}

	@Test
	void closingEndsTheWaiting() {
		CompletionStage<Name> reply = this.client.to(JOE).request(new Name("Joe"), Name.class);
		this.requests.close();
		assertFails(reply, Reason.UNAVAILABLE, "stopped");
	}

	@Test
	void interruptedThreadStopsWaiting() throws Exception {
		CompletableFuture<Reason> reason = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				this.client.to(JOE).call(new Name("Joe"), Name.class);
			}
			catch (FunctionRequestException ex) {
				reason.complete(Thread.currentThread().isInterrupted() ? ex.reason() : Reason.REFUSED);
			}
		});
		thread.start();
		await().until(() -> this.requests.waiting() == 1);
		thread.interrupt();
		assertThat(reason).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo(Reason.TIMED_OUT);
		assertThat(this.requests.waiting()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT-1S", "PT24H0.001S" })
	void timeoutHasARange(Duration timeout) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.to(JOE).timeout(timeout))
			.withMessageContaining("expected 1 ms to 1 day");
	}

	@Test
	void badArgumentsAreRefusedAtOnce() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.to("test/greeter", ""))
			.withMessage("A message to 'test/greeter' needs an id that is not empty");
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.to(JOE).idempotencyKey(""))
			.withMessage("The idempotency key has 0 characters; expected 1 to 256");
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.to(JOE).principal("x".repeat(257)))
			.withMessage("The name of a principal has 257 characters; expected 1 to 256");
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> this.client.send(JOE, new Object()));
		assertThat(this.gateway.requests()).isEmpty();
	}

	@Test
	void specificationCanBeUsedAgain() {
		var spec = this.client.to(JOE).idempotencyKey("k1");
		spec.principal("ann").send(new Name("a"));
		spec.send(new Name("b"));
		assertThat(this.gateway.requests()).extracting(GatewayRequest::principal).containsExactly("ann", "");
		assertThat(this.gateway.requests()).extracting(GatewayRequest::idempotencyKey).containsExactly("k1", "k1");
		assertThat(this.gateway.requests()).extracting(GatewayRequest::id).doesNotHaveDuplicates();
	}

	record Name(String text) {
	}

}
