package dev.statefun.spring.gateway.function;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.spring.gateway.GatewayInstance;
import dev.statefun.spring.gateway.GatewayReply;
import dev.statefun.spring.gateway.GatewayReply.Outcome;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.ReplyDestination;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the gateway function in a local runtime.
 */
class GatewayFunctionTests {

	private GatewayHarness gateway = new GatewayHarness();

	@AfterEach
	void close() {
		this.gateway.close();
	}

	private void restart(Protocol protocol, int maxRequestSize, int maxReplySize) {
		this.gateway.close();
		this.gateway = new GatewayHarness(protocol, maxRequestSize, maxReplySize);
	}

	private static String text(GatewayReply reply) {
		return GatewayHarness.text(Objects.requireNonNull(reply.message()));
	}

	@ParameterizedTest
	@EnumSource(value = Protocol.class, names = { "V2", "V3" })
	void replyOfTheTargetGoesToTheClientAndNothingIsLeft(Protocol protocol) {
		restart(protocol, 900_000, 900_000);
		GatewayRequest request = this.gateway.request("test/echo", "joe", "hello");
		this.gateway.deliver(request);
		GatewayReply reply = this.gateway.requireReplyTo(request);
		assertThat(reply.outcome()).isEqualTo(Outcome.REPLIED);
		assertThat(text(reply)).isEqualTo("echo hello");
		assertThat(this.gateway.received).containsExactly("joe:hello");
		this.gateway.runtime.advance(Duration.ofSeconds(16));
		assertThat(this.gateway.hasState(request.instance())).isFalse();
		assertThat(this.gateway.runtime.pendingDelayedMessages()).isZero();
	}

	@Test
	void onlyTheFirstReplyCounts() {
		GatewayRequest request = this.gateway.request("test/twice", "joe", "hello");
		this.gateway.deliver(request);
		assertThat(this.gateway.replies()).hasSize(1);
		assertThat(text(this.gateway.requireReplyTo(request))).isEqualTo("first");
		assertThat(this.gateway.events).containsExactly(GatewayEvent.FORWARDED, GatewayEvent.REPLIED,
				GatewayEvent.UNEXPECTED_REPLY);
	}

	@Test
	void targetMayReplyLater() {
		GatewayRequest request = this.gateway.request("test/silent", "joe", "hello");
		this.gateway.deliver(request);
		assertThat(this.gateway.replies()).isEmpty();
		this.gateway.runtime.sendFrom(Address.of("test/other", "1"), this.gateway.callers.get(0), "late");
		this.gateway.runtime.runUntilIdle();
		assertThat(text(this.gateway.requireReplyTo(request))).isEqualTo("late");
	}

	@Test
	void requestWithoutReplyIsForgottenAtItsDeadline() {
		GatewayRequest request = this.gateway.request("test/silent", "joe", "hello");
		this.gateway.deliver(request);
		assertThat(this.gateway.hasState(request.instance())).isTrue();
		this.gateway.runtime.advance(Duration.ofSeconds(15));
		assertThat(this.gateway.hasState(request.instance())).isFalse();
		assertThat(this.gateway.events).endsWith(GatewayEvent.ABANDONED);
		this.gateway.runtime.sendFrom(Address.of("test/other", "1"), this.gateway.callers.get(0), "late");
		this.gateway.runtime.runUntilIdle();
		assertThat(this.gateway.replies()).isEmpty();
		assertThat(this.gateway.events).endsWith(GatewayEvent.UNEXPECTED_REPLY);
	}

	@Test
	void expiredRequestIsNotExecuted() {
		GatewayRequest request = this.gateway.request("test/echo", "joe", "hello");
		this.gateway.runtime.advance(Duration.ofSeconds(10));
		this.gateway.deliver(request);
		assertThat(this.gateway.requireReplyTo(request).outcome()).isEqualTo(Outcome.EXPIRED);
		assertThat(this.gateway.received).isEmpty();
		assertThat(this.gateway.hasState(request.instance())).isFalse();
	}

	@Test
	void expiredRequestIsExecutedIfItSaysSo() {
		GatewayRequest request = this.gateway.request("test/echo", "joe", "hello").asExecutedLate();
		this.gateway.runtime.advance(Duration.ofSeconds(10));
		this.gateway.deliver(request);
		assertThat(this.gateway.received).containsExactly("joe:hello");
		assertThat(this.gateway.replies()).isEmpty();
	}

	@Test
	void sendHasNoDeadlineAndNoState() {
		GatewayRequest send = this.gateway.send("test/echo", "joe", "hello");
		this.gateway.runtime.advance(Duration.ofDays(3));
		this.gateway.deliver(send);
		assertThat(this.gateway.received).containsExactly("joe:hello");
		assertThat(this.gateway.replies()).isEmpty();
		assertThat(this.gateway.hasState(send.instance())).isFalse();
		assertThat(this.gateway.events).containsExactly(GatewayEvent.FORWARDED);
	}

	@Test
	void sendsArriveInTheirOrder() {
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			GatewayRequest send = this.gateway.send("test/silent", "joe", "m" + i);
			this.gateway.deliver(send.instance(), send);
			expected.add("joe:m" + i);
		}
		this.gateway.runtime.runUntilIdle();
		assertThat(this.gateway.received).isEqualTo(expected);
	}

	@Test
	void headersArePassedToTheTarget() {
		GatewayRequest request = this.gateway.request("test/echo", "joe", "hello")
			.headers(Headers.of("tenant", "blue"));
		assertThat(GatewayRequest.parse(request.toBytes())).isEqualTo(request);
		this.gateway.deliver(request);
		assertThat(this.gateway.requireReplyTo(request).outcome()).isEqualTo(Outcome.REPLIED);
	}

	@Test
	void keyIsExecutedOnceAndItsOutcomeIsKept() {
		GatewayRequest first = this.gateway.request("test/echo", "joe", "hello").idempotencyKey("k1");
		GatewayRequest second = this.gateway.request("test/echo", "joe", "hello").idempotencyKey("k1");
		this.gateway.deliver(first);
		this.gateway.runtime.advance(Duration.ofMinutes(59));
		this.gateway.deliver(second);
		assertThat(text(this.gateway.requireReplyTo(first))).isEqualTo("echo hello");
		assertThat(text(this.gateway.requireReplyTo(second))).isEqualTo("echo hello");
		assertThat(this.gateway.received).containsExactly("joe:hello");
		this.gateway.runtime.advance(Duration.ofMinutes(3));
		assertThat(this.gateway.hasState(first.instance())).isFalse();
		assertThat(this.gateway.hasState(GatewayInstance.exchange(first.id()))).isFalse();
		assertThat(this.gateway.runtime.pendingDelayedMessages()).isZero();
	}

	@Test
	void keyCanBeUsedAnewWhenItsOutcomeIsNoLongerKept() {
		this.gateway.deliver(this.gateway.request("test/echo", "joe", "hello").idempotencyKey("k1"));
		this.gateway.runtime.advance(GatewayHarness.KEEP.plusMinutes(2));
		GatewayRequest again = this.gateway.request("test/echo", "joe", "other").idempotencyKey("k1");
		this.gateway.deliver(again);
		assertThat(text(this.gateway.requireReplyTo(again))).isEqualTo("echo other");
	}

	@Test
	void lateReplyDoesNotGetToTheNextExchangeOfItsKey() {
		this.gateway.deliver(this.gateway.request("test/silent", "joe", "hello").idempotencyKey("k1"));
		this.gateway.runtime.advance(GatewayHarness.KEEP.plusMinutes(2));
		GatewayRequest again = this.gateway.request("test/silent", "joe", "hello").idempotencyKey("k1");
		this.gateway.deliver(again);
		assertThat(this.gateway.callers).hasSize(2).doesNotHaveDuplicates();
		this.gateway.runtime.sendFrom(Address.of("test/silent", "joe"), this.gateway.callers.get(0), "late");
		this.gateway.runtime.runUntilIdle();
		assertThat(this.gateway.replies()).isEmpty();
	}

	@Test
	void requestsWithOneKeyWaitForOneReply() {
		List<GatewayRequest> requests = IntStream.range(0, Exchange.MAX_WAITERS)
			.mapToObj((i) -> this.gateway.request("test/silent", "joe", "hello").idempotencyKey("k1"))
			.toList();
		requests.forEach(this.gateway::deliver);
		GatewayRequest tooMany = this.gateway.request("test/silent", "joe", "hello").idempotencyKey("k1");
		this.gateway.deliver(tooMany);
		assertThat(this.gateway.requireReplyTo(tooMany).outcome()).isEqualTo(Outcome.BUSY);
		this.gateway.runtime.sendFrom(Address.of("test/silent", "joe"), this.gateway.callers.get(0), "done");
		this.gateway.runtime.runUntilIdle();
		assertThat(requests)
			.allSatisfy((request) -> assertThat(text(this.gateway.requireReplyTo(request))).isEqualTo("done"));
		assertThat(this.gateway.received).hasSize(1);
	}

	@Test
	void requestsThatNoLongerWaitMakeRoom() {
		for (int i = 0; i < Exchange.MAX_WAITERS; i++) {
			this.gateway.deliver(this.gateway.request("test/silent", "joe", "hello").idempotencyKey("k1"));
		}
		this.gateway.runtime.advance(Duration.ofSeconds(11));
		GatewayRequest later = this.gateway.request("test/silent", "joe", "hello").idempotencyKey("k1");
		this.gateway.deliver(later);
		assertThat(this.gateway.replyTo(later)).isNull();
	}

	@Test
	void timedOutRequestGetsTheOneOutcomeWhenAskedAgain() {
		this.gateway.deliver(this.gateway.request("test/silent", "joe", "hello").idempotencyKey("k1"));
		this.gateway.runtime.advance(Duration.ofSeconds(20));
		this.gateway.runtime.sendFrom(Address.of("test/silent", "joe"), this.gateway.callers.get(0), "done");
		this.gateway.runtime.runUntilIdle();
		GatewayRequest again = this.gateway.request("test/silent", "joe", "hello").idempotencyKey("k1");
		this.gateway.deliver(again);
		assertThat(text(this.gateway.requireReplyTo(again))).isEqualTo("done");
		assertThat(this.gateway.received).hasSize(1);
	}

	@Test
	void expiredRequestDoesNotUseItsKey() {
		GatewayRequest expired = this.gateway.request("test/echo", "joe", "hello").idempotencyKey("k1");
		this.gateway.runtime.advance(Duration.ofSeconds(10));
		this.gateway.deliver(expired);
		assertThat(this.gateway.requireReplyTo(expired).outcome()).isEqualTo(Outcome.EXPIRED);
		GatewayRequest again = this.gateway.request("test/echo", "joe", "hello").idempotencyKey("k1");
		this.gateway.deliver(again);
		assertThat(this.gateway.requireReplyTo(again).outcome()).isEqualTo(Outcome.REPLIED);
		assertThat(this.gateway.received).hasSize(1);
	}

	@Test
	void anotherMessageUnderAKeyIsAConflict() {
		this.gateway.deliver(this.gateway.request("test/echo", "joe", "hello").idempotencyKey("k1"));
		GatewayRequest other = this.gateway.request("test/echo", "joe", "bye").idempotencyKey("k1");
		this.gateway.deliver(other);
		assertThat(this.gateway.requireReplyTo(other).outcome()).isEqualTo(Outcome.CONFLICT);
		assertThat(this.gateway.received).hasSize(1);
	}

	@Test
	void keysOfTwoUsersAreNotTheSame() {
		this.gateway.deliver(this.gateway.request("test/echo", "joe", "a").idempotencyKey("k1").principal("ann"));
		this.gateway.deliver(this.gateway.request("test/echo", "joe", "b").idempotencyKey("k1").principal("bob"));
		assertThat(this.gateway.received).containsExactly("joe:a", "joe:b");
	}

	@Test
	void sendWithAKeyIsSentOnceAndItsReplyCanBeAskedFor() {
		this.gateway.deliver(this.gateway.send("test/echo", "joe", "hello").idempotencyKey("k1"));
		this.gateway.deliver(this.gateway.send("test/echo", "joe", "hello").idempotencyKey("k1"));
		assertThat(this.gateway.received).containsExactly("joe:hello");
		GatewayRequest request = this.gateway.request("test/echo", "joe", "hello").idempotencyKey("k1");
		this.gateway.deliver(request);
		assertThat(text(this.gateway.requireReplyTo(request))).isEqualTo("echo hello");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "k1" })
	void recordThatIsReadTwiceIsExecutedOnce(String key) {
		GatewayRequest request = this.gateway.request("test/silent", "joe", "hello").idempotencyKey(key);
		this.gateway.deliver(request);
		this.gateway.deliver(request);
		assertThat(this.gateway.received).hasSize(1);
		assertThat(this.gateway.events).contains(GatewayEvent.DUPLICATE);
	}

	@Test
	void failureOfTheTargetIsPassedOnWithoutItsText() {
		GatewayRequest request = this.gateway.request("test/broken", "joe", "hello");
		this.gateway.deliver(request);
		GatewayReply reply = this.gateway.requireReplyTo(request);
		assertThat(reply.outcome()).isEqualTo(Outcome.FAILED);
		assertThat(reply.failure()).isEqualTo("HANDLER");
		assertThat(reply.toBytes().toStringUtf8()).doesNotContain("planted");
		assertThat(this.gateway.received).isEmpty();
	}

	@Test
	void replyThatIsTooLargeIsReplaced() {
		GatewayRequest request = this.gateway.request("test/large", "joe", "hello");
		this.gateway.deliver(request);
		assertThat(this.gateway.requireReplyTo(request).outcome()).isEqualTo(Outcome.REPLY_TOO_LARGE);
	}

	@Test
	void requestThatIsTooLargeIsRefused() {
		restart(Protocol.V3, 10_000, 10_000);
		this.gateway.deliver(this.gateway.request("test/echo", "joe", "x".repeat(10_000)));
		assertThat(this.gateway.events).containsExactly(GatewayEvent.REFUSED);
		assertThat(this.gateway.received).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "other/function", "statefun.gateway/shop", "statefun.gateway/other" })
	void onlyFunctionsOfTheGatewayAreReached(String function) {
		GatewayRequest request = this.gateway.request(function, "joe", "hello");
		this.gateway.deliver(request);
		assertThat(this.gateway.requireReplyTo(request).outcome()).isEqualTo(Outcome.UNKNOWN_FUNCTION);
	}

	@Test
	void recordUnderAnotherKeyIsDropped() {
		GatewayRequest request = this.gateway.request("test/echo", "joe", "hello");
		this.gateway.deliver("x/" + "0".repeat(32), request.toBytes());
		assertThat(this.gateway.received).isEmpty();
		assertThat(this.gateway.replies()).isEmpty();
		assertThat(this.gateway.events).containsExactly(GatewayEvent.REFUSED);
	}

	@Test
	void recordThatIsNoRequestIsDropped() {
		this.gateway.deliver("joe", ByteString.copyFromUtf8("no protobuf"));
		this.gateway.deliver("joe", ByteString.EMPTY);
		assertThat(this.gateway.events).containsExactly(GatewayEvent.REFUSED, GatewayEvent.REFUSED);
	}

	@Test
	void replyGoesToAllowedTopicsOnly() {
		ReplyDestination foreign = new ReplyDestination("foreign", "client-1");
		GatewayRequest request = GatewayRequest.request(this.gateway.newId(), Address.of("test/echo", "joe"),
				GatewayHarness.value("hello"), foreign, this.gateway.now().plusSeconds(10));
		this.gateway.deliver(request);
		assertThat(this.gateway.events).containsExactly(GatewayEvent.REFUSED);
		assertThat(this.gateway.received).isEmpty();
	}

	@Test
	void replyCanBeAskedForUntilTheDeadline() {
		GatewayRequest request = this.gateway.request("test/silent", "joe", "hello").principal("ann").asPollable();
		this.gateway.deliver(request);
		GatewayRequest early = this.gateway.poll(request.id()).principal("ann");
		this.gateway.deliver(early);
		assertThat(this.gateway.requireReplyTo(early).outcome()).isEqualTo(Outcome.PENDING);
		GatewayRequest waiting = this.gateway.await(request.id()).principal("ann");
		this.gateway.deliver(waiting);
		assertThat(this.gateway.replyTo(waiting)).isNull();
		this.gateway.runtime.sendFrom(Address.of("test/silent", "joe"), this.gateway.callers.get(0), "done");
		this.gateway.runtime.runUntilIdle();
		assertThat(text(this.gateway.requireReplyTo(waiting))).isEqualTo("done");
		GatewayRequest foreign = this.gateway.poll(request.id()).principal("bob");
		this.gateway.deliver(foreign);
		assertThat(this.gateway.requireReplyTo(foreign).outcome()).isEqualTo(Outcome.NOT_FOUND);
		this.gateway.runtime.advance(Duration.ofSeconds(15));
		GatewayRequest late = this.gateway.poll(request.id()).principal("ann");
		this.gateway.deliver(late);
		this.gateway.runtime.advance(Duration.ofSeconds(1));
		assertThat(this.gateway.requireReplyTo(late).outcome()).isEqualTo(Outcome.NOT_FOUND);
	}

	@Test
	void requestThatIsNotPollableCannotBeAskedFor() {
		GatewayRequest request = this.gateway.request("test/silent", "joe", "hello");
		this.gateway.deliver(request);
		GatewayRequest poll = this.gateway.poll(request.id());
		this.gateway.deliver(poll);
		assertThat(this.gateway.requireReplyTo(poll).outcome()).isEqualTo(Outcome.NOT_FOUND);
		GatewayRequest other = this.gateway.poll(this.gateway.newId());
		this.gateway.deliver(other);
		this.gateway.runtime.advance(Duration.ofSeconds(1));
		assertThat(this.gateway.requireReplyTo(other).outcome()).isEqualTo(Outcome.NOT_FOUND);
	}

	@Test
	void eachRequestOfAKeyCanBeAskedFor() {
		GatewayRequest first = this.gateway.request("test/echo", "joe", "hello").idempotencyKey("k1").asPollable();
		GatewayRequest second = this.gateway.request("test/echo", "joe", "hello").idempotencyKey("k1").asPollable();
		this.gateway.deliver(first);
		this.gateway.deliver(second);
		for (GatewayRequest request : List.of(first, second)) {
			GatewayRequest poll = this.gateway.poll(request.id());
			this.gateway.deliver(poll);
			assertThat(text(this.gateway.requireReplyTo(poll))).isEqualTo("echo hello");
			GatewayRequest foreign = this.gateway.poll(request.id()).principal("bob");
			this.gateway.deliver(foreign);
			assertThat(this.gateway.requireReplyTo(foreign).outcome()).isEqualTo(Outcome.NOT_FOUND);
		}
		this.gateway.runtime.advance(Duration.ofHours(2));
		assertThat(this.gateway.hasState(GatewayInstance.exchange(second.id()))).isFalse();
	}

	@Test
	void largeKeptReplyIsPassedOnInSmallBatches() {
		GatewayRequest first = this.gateway.request("test/silent", "joe", "hello").idempotencyKey("k1");
		this.gateway.deliver(first);
		this.gateway.runtime.sendFrom(Address.of("test/silent", "joe"), this.gateway.callers.get(0),
				"x".repeat(800_000));
		this.gateway.runtime.runUntilIdle();
		List<GatewayRequest> again = IntStream.range(0, 60)
			.mapToObj((i) -> this.gateway.request("test/silent", "joe", "hello").idempotencyKey("k1"))
			.toList();
		again.forEach((request) -> this.gateway.deliver(request.instance(), request));
		this.gateway.runtime.runUntilIdle();
		this.gateway.runtime.advance(Duration.ofMillis(5));
		assertThat(again).allSatisfy((request) -> assertThat(this.gateway.requireReplyTo(request).outcome())
			.isIn(Outcome.REPLIED, Outcome.BUSY));
		assertThat(again.stream().map((request) -> this.gateway.requireReplyTo(request).outcome()))
			.filteredOn((outcome) -> outcome == Outcome.REPLIED)
			.hasSizeGreaterThanOrEqualTo(Exchange.MAX_WAITERS);
	}

	@Test
	void abandonedRequestsLeaveNothing() {
		for (int i = 0; i < 2_000; i++) {
			GatewayRequest request = this.gateway.request("test/silent", "joe", "hello");
			this.gateway.deliver(request.instance(), request);
		}
		this.gateway.runtime.runUntilIdle();
		this.gateway.runtime.advance(Duration.ofSeconds(15));
		assertThat(this.gateway.runtime.pendingDelayedMessages()).isZero();
		assertThat(this.gateway.callers).hasSize(2_000)
			.allSatisfy((instance) -> assertThat(this.gateway.runtime.states(instance)).isEmpty());
	}

	@Test
	void sendThatNamesAReplyTopicIsNoPoison() {
		GatewayRequest send = this.gateway.send("other/function", "joe", "hello");
		GatewayRequest strange = new GatewayRequest(send.id(), send.kind(), send.target(), send.message(),
				Headers.empty(), GatewayHarness.CLIENT, null, false, false, "", "", "");
		this.gateway.deliver(strange);
		assertThat(this.gateway.events).containsExactly(GatewayEvent.UNKNOWN_FUNCTION);
		assertThat(this.gateway.replies()).isEmpty();
	}

	@Test
	void messageOfATypeThatTheTargetDoesNotTakeFailsAtOnce() {
		GatewayRequest request = GatewayRequest.request(this.gateway.newId(), Address.of("test/echo", "joe"),
				Any.newBuilder().setTypeUrl("test/Unknown").build(), GatewayHarness.CLIENT,
				this.gateway.now().plusSeconds(10));
		this.gateway.deliver(request);
		assertThat(this.gateway.requireReplyTo(request).outcome()).isEqualTo(Outcome.FAILED);
		assertThat(this.gateway.requireReplyTo(request).failure()).isEqualTo("UNKNOWN_TYPE");
		assertThat(this.gateway.received).isEmpty();
	}

	@Test
	void messageOfATimerIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> GatewayRequest.send(this.gateway.newId(),
				Address.of("test/echo", "joe"), Any.newBuilder().setTypeUrl("statefun/timer").build()))
			.withMessage("message is that of a timer");
	}

	@Test
	void namesOfClientsHaveALimit() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ReplyDestination("topic", "x".repeat(250)))
			.withMessage("a topic or the name of a client is longer than 249 characters");
	}

	@Test
	void headersHaveTheLimitsOfAMessage() {
		List<Headers.Entry> entries = IntStream.range(0, 65)
			.mapToObj((i) -> new Headers.Entry("h" + i, ByteString.EMPTY))
			.toList();
		ByteString bytes = this.gateway.request("test/echo", "joe", "hello").headers(Headers.ofAll(entries)).toBytes();
		assertThatIllegalArgumentException().isThrownBy(() -> GatewayRequest.parse(bytes))
			.withMessageStartingWith("65 headers of ");
	}

	@Test
	void keyIsKeptAsLongAsItsRequestMayRun() {
		GatewayRequest first = longRequest();
		this.gateway.deliver(first);
		this.gateway.runtime.advance(Duration.ofHours(2));
		this.gateway.deliver(longRequest());
		this.gateway.runtime.sendFrom(Address.of("test/silent", "joe"), this.gateway.callers.get(0), "done");
		this.gateway.runtime.runUntilIdle();
		assertThat(this.gateway.received).hasSize(1);
		assertThat(text(this.gateway.requireReplyTo(first))).isEqualTo("done");
	}

	private GatewayRequest longRequest() {
		return GatewayRequest
			.request(this.gateway.newId(), Address.of("test/silent", "joe"), GatewayHarness.value("hello"),
					GatewayHarness.CLIENT, this.gateway.now().plus(Duration.ofHours(3)))
			.idempotencyKey("k1");
	}

	@Test
	void pollThatOvertakesItsRequestLooksAgain() {
		GatewayRequest request = this.gateway.request("test/echo", "joe", "hello").idempotencyKey("k1").asPollable();
		GatewayRequest poll = this.gateway.poll(request.id());
		this.gateway.deliver(poll);
		assertThat(this.gateway.replies()).isEmpty();
		this.gateway.deliver(request);
		this.gateway.runtime.advance(Duration.ofSeconds(1));
		assertThat(text(this.gateway.requireReplyTo(poll))).isEqualTo("echo hello");
	}

	@Test
	void limitsThatMakeAReplyTooLargeAreRefused() {
		GatewayFunction function = new GatewayFunction(
				new GatewaySettings(GatewayHarness.NAME, Set.of(), 2_000_000, 900_000, GatewayHarness.KEEP),
				new GatewayHarness.Targets(), (event, target) -> {
				}, InstantSource.system());
		assertThatIllegalArgumentException().isThrownBy(() -> function.maxBatch(64 << 20, 32 << 20))
			.withMessage("'statefun.max-reply-size' is 33554432 bytes, and the gateway needs 36000000: 18 times the "
					+ "larger one of 'statefun.gateway.max-request-size' and 'statefun.gateway.max-reply-size'. Set "
					+ "'statefun.max-reply-size' to 36000000B or more, or the other two to 1864135B or less.");
		assertThatIllegalArgumentException().isThrownBy(() -> function.maxBatch(64 << 20, 32 << 20, "other.property"))
			.withMessageStartingWith("'other.property' is 33554432 bytes");
		assertThatIllegalArgumentException().isThrownBy(() -> function.maxBatch(7_000_000, 64 << 20))
			.withMessageStartingWith(
					"'statefun.max-request-size' is 7000000 bytes, and the gateway needs 8000000: 4 times");
		assertThat(function.maxBatch(8_000_000, 64 << 20)).isEqualTo(2);
		assertThat(function.maxBatch(128 << 20, 128 << 20)).isEqualTo(65);
	}

	@ParameterizedTest
	@CsvSource({ "40960, 817", "20480, 1363", "4096, 4094", "1024, 6551" })
	void smallMessagesFitIntoLargerBatches(int size, int number) {
		GatewayFunction function = new GatewayFunction(
				new GatewaySettings(GatewayHarness.NAME, Set.of(), size, size, GatewayHarness.KEEP),
				new GatewayHarness.Targets(), (event, target) -> {
				}, InstantSource.system());
		assertThat(function.maxBatch(64 << 20, 32 << 20)).isEqualTo(number);
	}

}
