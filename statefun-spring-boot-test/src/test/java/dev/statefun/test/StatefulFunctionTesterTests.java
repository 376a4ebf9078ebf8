package dev.statefun.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import dev.statefun.local.EgressKind;
import dev.statefun.local.JobFailedException;
import dev.statefun.local.LimitExceededException;
import dev.statefun.local.LocalRuntime;
import dev.statefun.local.RequestFailedException;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.message.GenericType;
import dev.statefun.sdk.message.UnmappedTypeException;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.json.JsonMessageCodecs;
import dev.statefun.test.Shop.Add;
import dev.statefun.test.Shop.CheckOut;
import dev.statefun.test.Shop.Items;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for the cluster behavior of a tester, including its errors.
 */
class StatefulFunctionTesterTests {

	private static final ByteString ADD_TEA = ByteString.copyFromUtf8("{\"sku\":\"tea\",\"quantity\":1}");

	private final StatefulFunctionTester tester = Shop.tester(Protocol.V3);

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void functionsRunUntilNoWorkIsLeft(Protocol protocol) {
		StatefulFunctionTester tester = Shop.tester(protocol);
		tester.given("shop/stock", "tea").state("left", 5L);
		assertThat(tester.send(new Add("tea", 2)).to("shop/cart", "joe")).hasMessage("shop/stock", "tea", 2)
			.hasState("shop/stock", "tea", "left", 3L);
		assertThat(tester.state("shop/stock", "tea", "left", Long.class)).contains(3L);
		assertThat(tester.state("shop/stock", "milk", "left", Long.class)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void messagesOfOneSendAreOneBatch(Protocol protocol) {
		FunctionTestResult result = Shop.tester(protocol)
			.send(new Add("tea", 2), new Add("tea", 3), new Add("milk", 1))
			.to("shop/cart", "joe");
		assertThat(result.effects().get(0).invocations()).hasSize(3);
		assertThat(result).hasState("items", new Items(Map.of("tea", 5, "milk", 1))).hasState("count", 3);
	}

	@Test
	void messagesAreSentToATypedTarget() {
		Target<Add> cart = Target.of("shop/cart", Add.class);
		assertThat(this.tester.send(new Add("tea", 2)).to(cart.id("joe"))).hasMessage("shop/stock", "tea", 2);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.tester.send(new Add("tea", 2), new CheckOut()).to(cart.id("joe")))
			.withMessage("A '" + CheckOut.class.getName() + "' can't be sent to 'shop/cart/joe', whose target is for "
					+ "messages of the type '" + Add.class.getName() + "'");
		Any packed = Any.newBuilder().setTypeUrl("shop/Add").setValue(ADD_TEA).build();
		assertThat(this.tester.send(packed).to(cart.id("joe"))).hasMessage("shop/stock", "tea", 1);
	}

	@Test
	void localRuntimeSendsToATypedTarget() {
		this.tester.runtime().send(Target.of("shop/cart", Add.class).id("joe"), new Add("tea", 2));
		assertThat(this.tester.advance(Duration.ZERO)).hasMessage("shop/stock", "tea", 2);
	}

	@Test
	void stateWithItsOwnTypeNameIsGivenAndExpectedByItsValue() {
		FunctionSpec spec = FunctionSpec.of("shop/renamed")
			.state(ValueSpec.of("count", Integer.class).typename("shop/Count"));
		StatefulFunctionTester renamed = StatefulFunctionTester
			.of(StatefulFunctions.builder().register(spec, (context, message) -> {
				PersistedValue<Integer> count = context.state("count", Integer.class);
				count.set(count.get().orElse(0) + 1);
			}).build());
		renamed.given("shop/renamed", "joe").state("count", 41);
		assertThat(renamed.send("go").to("shop/renamed", "joe")).hasState("count", 42).hasNothingElse();
	}

	@Test
	void stateThatIsACollectionIsGivenAndExpectedByItsValue() {
		GenericType<Set<Integer>> numbers = new GenericType<>() {
		};
		FunctionSpec spec = FunctionSpec.of("shop/numbers").state("numbers", numbers, "shop/numbers");
		StatefulFunctionTester tester = StatefulFunctionTester.of(StatefulFunctions.builder()
			.codecs(new JsonMessageCodecs(JsonMapper.shared()))
			.register(spec, (context, message) -> {
				Set<Integer> all = new TreeSet<>(context.state("numbers", numbers).get().orElse(Set.of()));
				all.add(all.size());
				context.state("numbers", numbers).set(all);
			})
			.build());
		tester.given("shop/numbers", "joe").state("numbers", Set.of(7));
		FunctionTestResult result = tester.send("go").to("shop/numbers", "joe");
		assertThat(result).hasState("numbers", Set.of(1, 7)).hasNothingElse();
		assertThat(tester.state("shop/numbers", "joe", "numbers", numbers)).contains(Set.of(1, 7));
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(result).hasState("numbers", Set.of()))
			.withMessageContaining("to be:%n  shop/numbers []%nbut it was:%n  shop/numbers [1, 7]".formatted());
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void statesOfARecordAreGivenAndExpectedByTheirNames(Protocol protocol) {
		StatefulFunctionTester tester = StatefulFunctionTester
			.of(StatefulFunctions.builder()
				.register("shop/visits", new Visits())
				.register(FunctionSpec.of("shop/visits-by-code").states(Visits.States.class),
						(context, message) -> context.states(Visits.States.class).visit("by code"))
				.build())
			.protocol(protocol);
		tester.given("shop/visits", "joe").state("count", 41);
		assertThat(tester.send("tea").to("shop/visits", "joe")).hasState("count", 42)
			.hasState("latest", "tea")
			.hasNothingElse();
		assertThat(tester.send("tea").to("shop/visits-by-code", "joe")).hasState("count", 1)
			.hasState("latest", "by code")
			.hasNothingElse();
		assertThat(tester.state("shop/visits", "joe", "latest", String.class)).contains("tea");
	}

	@Test
	void failureWithinABatchAppliesNothingOfIt() {
		assertThatExceptionOfType(RequestFailedException.class)
			.isThrownBy(() -> this.tester.send(new Add("tea", 2), 42).to("shop/cart", "joe"));
		assertThat(this.tester.state("shop/cart", "joe", "items", Items.class)).isEmpty();
		assertThat(this.tester.state("shop/stock", "tea", "left", Long.class)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void timePassesOnlyByAdvance(Protocol protocol) {
		StatefulFunctionTester tester = Shop.tester(protocol);
		tester.send(new Add("tea", 2)).to("shop/cart", "joe");
		assertThat(tester.advance(Duration.ofDays(1).minusMillis(1))).hasNothingElse();
		assertThat(tester.advance(Duration.ofMillis(1))).hasEgressRecord("shop/mails", StringValue.of("remind joe"));
	}

	@Test
	void cancelledMessageDoesNotArrive() {
		this.tester.send("a").to("shop/timer", "joe");
		this.tester.advance(Duration.ofMinutes(4));
		assertThat(this.tester.send("b").to("shop/timer", "joe")).hasCancelled("timer");
		assertThat(this.tester.runtime().pendingDelayedMessages()).isOne();
	}

	@Test
	void resetForgetsEverything() {
		StatefulFunctionTester derived = this.tester.protocol(Protocol.V2);
		for (StatefulFunctionTester each : List.of(this.tester, derived)) {
			assertThat(each.send(new Add("tea", 2)).to("shop/cart", "joe")).hasState("count", 1);
		}
		this.tester.reset();
		for (StatefulFunctionTester each : List.of(this.tester, derived)) {
			assertThat(each.state("shop/cart", "joe", "count", Integer.class)).isEmpty();
			assertThat(each.runtime().pendingDelayedMessages()).isZero();
		}
	}

	@Test
	void derivingAnotherTesterDoesNotChangeThisOne() {
		this.tester.given("shop/stock", "tea").state("left", 1L);
		assertThat(this.tester.protocol(Protocol.V2).state("shop/stock", "tea", "left", Long.class)).isEmpty();
		assertThat(this.tester.state("shop/stock", "tea", "left", Long.class)).contains(1L);
	}

	private static StatefulFunctionTester of(Object function) {
		return StatefulFunctionTester.of("test/it", function);
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void messagesHaveTheHeadersTheyAreSentWith(Protocol protocol) {
		StatefulFunctionTester tester = StatefulFunctionTester.of("shop/tenants", new Shop.Tenants())
			.protocol(protocol);
		assertThat(tester.send("a", "b")
			.withHeader("tenant", "other")
			.withHeader("tenant", "acme")
			.to("shop/tenants", "1")).hasMessage("shop/buyer", "0", "a")
			.withHeader("tenant", "acme")
			.hasMessage("shop/buyer", "0", "b")
			.withHeader("tenant", "acme");
		assertThat(tester.send("c")
			.from("shop/door", "front")
			.withHeaders(Headers.of("tenant", "acme").and("zone", "eu"))
			.to("shop/tenants", "1")).hasReply("c").withHeader("tenant", "acme").withHeader("zone", "eu");
		assertThat(tester.send("d").to("shop/tenants", "1")).hasMessage("shop/buyer", "0", "d").withoutHeader("tenant");
	}

	@Test
	void headersGoOnWithAHandlerThatPropagatesThem() {
		StatefulFunctions functions = Shop.functions();
		RequestReplyHandler handler = RequestReplyHandler.builder(functions)
			.propagateHeaders(List.of("tenant"))
			.build();
		Headers headers = Headers.of("tenant", "acme").and("zone", "eu");
		assertThat(StatefulFunctionTester.of(functions)
			.over(handler::handle)
			.send(new Add("tea", 2))
			.withHeaders(headers)
			.to("shop/cart", "joe")).hasMessage("shop/stock", "tea", 2)
			.withHeader("tenant", "acme")
			.withoutHeader("zone");
		assertThat(StatefulFunctionTester.of(functions)
			.send(new Add("tea", 2))
			.withHeaders(headers)
			.to("shop/cart", "joe")).hasMessage("shop/stock", "tea", 2).withoutHeader("tenant");
	}

	@Nested
	class Failures {

		@Test
		void exceptionOfTheHandlerIsAmongTheCauses() {
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> StatefulFunctionTesterTests.this.tester.send(new CheckOut()).to("shop/cart", "joe"))
				.havingRootCause()
				.isInstanceOf(IllegalStateException.class)
				.withMessage("the cart is empty");
		}

		@Test
		void failedMessageBlocksTheNextUntilItIsSentAgain() {
			Unreliable function = new Unreliable(2);
			StatefulFunctionTester tester = of(function);
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> tester.send("a").to("test/it", "1"));
			assertThatIllegalStateException().isThrownBy(() -> tester.send("b").to("test/it", "1"))
				.withMessageStartingWith(
						"Nothing was sent to 'test/it/1': it gets no other message before the one that "
								+ "failed. Let time pass with 'advance', so that it is sent again, or start anew with 'reset'. "
								+ "The request to function 'test/it', id '1', with 1 message failed: ");
			assertThat(tester.send("c").to("test/it", "2")).hasNothingElse();
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> tester.advance(Duration.ofSeconds(1)));
			assertThat(tester.advance(Duration.ofSeconds(1)).effects()).hasSize(1);
			tester.send("b").to("test/it", "1");
			assertThat(function.calls).hasValue(5);
		}

		@Test
		void requestThatFailsForTooLongFailsTheJob() {
			StatefulFunctionTester tester = of(new Unreliable(Integer.MAX_VALUE))
				.customize((runtime) -> runtime.callTimeout(Duration.ZERO));
			assertThatExceptionOfType(JobFailedException.class).isThrownBy(() -> tester.send("a").to("test/it", "1"))
				.withMessageContaining("callTimeout");
			assertThatExceptionOfType(JobFailedException.class).isThrownBy(() -> tester.send("b").to("test/it", "2"));
		}

		@Test
		void requestWithALostReplyIsSentAgain() {
			Unreliable function = new Unreliable(0);
			StatefulFunctionTester tester = of(function);
			tester.failOnce("test/it", "1");
			assertThat(tester.send("a").to("test/it", "1").toString()).isEqualTo(
					"(The request to function 'test/it', id '1', with 1 message failed: the reply is made to get lost; "
							+ "it is sent again in 4 ms)");
			assertThat(tester.advance(Duration.ofMillis(4)).effects()).hasSize(1);
			assertThat(function.calls).hasValue(2);
		}

		@Test
		void messagesWaitWhileTheServiceIsUnreachable() {
			Unreliable function = new Unreliable(0);
			StatefulFunctionTester tester = of(function);
			tester.unreachableFor(Duration.ofSeconds(1));
			assertThat(tester.send("a").to("test/it", "1").effects()).isEmpty();
			assertThat(tester.send("b").to("test/it", "1").effects()).isEmpty();
			assertThat(function.calls).hasValue(0);
			assertThat(tester.advance(Duration.ofSeconds(3)).effects()).hasSize(2);
			assertThat(function.calls).hasValue(2);
		}

		@Test
		void endlessTimesAreRejectedOrLastForever() {
			Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
			StatefulFunctionTester tester = of(new Unreliable(0));
			assertThatIllegalArgumentException().isThrownBy(() -> tester.advance(forever))
				.withMessageStartingWith("Time can't advance by " + forever);
			tester.unreachableFor(forever);
			assertThat(tester.send("a").to("test/it", "1").effects()).isEmpty();
			assertThat(tester.advance(Duration.ofSeconds(3)).effects()).isEmpty();
		}

		@Test
		void deliveredTwiceIsAppliedOnce() {
			Unreliable function = new Unreliable(0);
			StatefulFunctionTester tester = of(function).deliverTwice();
			assertThat(tester.send("a").to("test/it", "1").effects()).hasSize(1);
			assertThat(function.calls).hasValue(2);
		}

		@Test
		void restartReadsInputSinceTheCheckpointAgain() {
			StatefulFunctionTester tester = StatefulFunctionTesterTests.this.tester;
			tester.send(new Add("tea", 1)).to("shop/cart", "joe");
			tester.checkpoint();
			tester.send(new Add("tea", 2)).to("shop/cart", "joe");
			assertThat(tester.restart()).hasMessage("shop/stock", "tea", 2)
				.hasState("shop/cart", "joe", "items", new Items(Map.of("tea", 3)))
				.hasState("shop/stock", "tea", "left", 7L);
		}

		@Test
		void restartGivesAFailedMessageAnotherChance() {
			StatefulFunctionTester tester = of(new Unreliable(1));
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> tester.send("a").to("test/it", "1"));
			assertThat(tester.restart().effects()).hasSize(1);
			assertThat(tester.send("b").to("test/it", "1").effects()).hasSize(1);
		}

	}

	@Nested
	class RefusedAsByACluster {

		private final StatefulFunctionTester tester = Shop.tester(Protocol.V3);

		@Test
		void receiverThatIsNotUnderTest() {
			assertThatIllegalArgumentException().isThrownBy(() -> this.tester.send("x").to("shop/crat", "joe"))
				.withMessage("There is no function 'shop/crat' here; there are 'shop/cart', 'shop/echo', "
						+ "'shop/stock', 'shop/timer'");
		}

		@Test
		void messageOfAnUnmappedType() {
			assertThatExceptionOfType(UnmappedTypeException.class)
				.isThrownBy(() -> this.tester.send(new Object()).to("shop/cart", "joe"));
		}

		@Test
		void messageWithoutAHandler() {
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> this.tester.send(BoolValue.of(true)).to("shop/cart", "joe"))
				.withMessageContaining("takes no message of type 'type.googleapis.com/google.protobuf.BoolValue'");
		}

		@Test
		void givenStateThatIsNotDeclared() {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> this.tester.given("shop/cart", "joe").state("itmes", 1))
				.withMessageContaining("declares no state 'itmes'");
		}

		@ParameterizedTest
		@EnumSource(names = { "V2", "V3" })
		void givenStateOfAnotherType(Protocol protocol) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> this.tester.protocol(protocol).given("shop/cart", "joe").state("count", "1"))
				.withMessageContaining("io.statefun.types/int")
				.withMessageContaining("io.statefun.types/string");
		}

		@Test
		void stateThatIsNotDeclared() {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> this.tester.state("shop/cart", "joe", "itmes", Integer.class));
		}

		@Test
		void messageToAFunctionThatDoesNotExist() {
			StatefulFunctionTester closed = this.tester.outside("shop/other");
			closed.given("shop/stock", "tea").state("left", 0L);
			assertThatExceptionOfType(JobFailedException.class).isThrownBy(() -> closed.send(1).to("shop/stock", "tea"))
				.withMessageContaining("'shop/buyer'");
			StatefulFunctionTester open = this.tester.outside("shop/other", "shop/buyer");
			open.given("shop/stock", "tea").state("left", 0L);
			assertThat(open.send(1).to("shop/stock", "tea")).hasMessage("shop/buyer", "0", StringValue.of("tea"));
		}

		@Test
		void recordToAnEgressThatDoesNotExist() {
			StatefulFunctionTester closed = this.tester.egress("shop/receipts", EgressKind.KAFKA);
			closed.given("shop/cart", "joe").state("items", new Items(Map.of()));
			assertThatExceptionOfType(JobFailedException.class)
				.isThrownBy(() -> closed.send(new CheckOut()).to("shop/cart", "joe"))
				.withMessageContaining("'shop/audit'");
		}

		@Test
		void recordThatTheEgressDoesNotAccept() {
			StatefulFunctionTester wrong = this.tester.egress("shop/receipts", EgressKind.KINESIS)
				.egress("shop/audit", EgressKind.KINESIS);
			wrong.given("shop/cart", "joe").state("items", new Items(Map.of()));
			assertThatExceptionOfType(JobFailedException.class)
				.isThrownBy(() -> wrong.send(new CheckOut()).to("shop/cart", "joe"))
				.withMessageContaining("KinesisEgressRecord");
		}

		@Test
		void cancellationOn2x() {
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> this.tester.protocol(Protocol.V2).send("x").to("shop/timer", "joe"))
				.withMessageContaining("2.x");
		}

	}

	@Nested
	@Timeout(20)
	class Endless {

		@Test
		void selfSendsEnd() {
			StatefulFunctionTester tester = StatefulFunctionTester.of(StatefulFunctions.builder()
				.register(FunctionSpec.of("test/it"), (context, message) -> context.send(context.self(), message))
				.build());
			assertThatExceptionOfType(LimitExceededException.class)
				.isThrownBy(() -> tester.send("x").to("test/it", "1"))
				.withMessageContaining("more than 10000 messages")
				.withMessageContaining("'invocationsPerRun'");
			assertThatExceptionOfType(LimitExceededException.class)
				.isThrownBy(
						() -> tester.customize((runtime) -> runtime.invocationsPerRun(7)).send("x").to("test/it", "1"))
				.withMessageContaining("more than 7 messages");
		}

		@Test
		void handlerThatNeverReturnsTimesOut() {
			StatefulFunctionTester tester = of(new NeverReturns())
				.customize((runtime) -> runtime.replyTimeout(Duration.ofMillis(100)));
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> tester.send("x").to("test/it", "1"))
				.withMessageContaining("it did not end within 100 ms ('replyTimeout')");
		}

		@Test
		void stageThatIsNeverCompletedTimesOut() {
			StatefulFunctionTester tester = of(new NeverCompletes())
				.customize((runtime) -> runtime.replyTimeout(Duration.ofMillis(100)));
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> tester.send("x").to("test/it", "1"))
				.withMessageContaining("'replyTimeout'");
		}

		@Test
		void serviceThatAsksForStatesForeverFails() {
			byte[] asksForNothing = { (byte) 0xaa, 0x06, 0x00 };
			StatefulFunctionTester tester = of(new Unreliable(0))
				.over((request) -> CompletableFuture.completedFuture(asksForNothing));
			assertThatExceptionOfType(LimitExceededException.class)
				.isThrownBy(() -> tester.send("x").to("test/it", "1"))
				.withMessageContaining("A cluster would ask it again forever");
		}

	}

	@Nested
	class Settings {

		@Test
		void listenerOfTheTesterStays() {
			StatefulFunctionTester tester = of(new Unreliable(0)).customize((runtime) -> runtime.batchSize(1));
			assertThat(tester.send("a", "b").to("test/it", "1").effects()).hasSize(2);
		}

		@Test
		void runtimeOfTheTesterIsAccessible() {
			LocalRuntime runtime = StatefulFunctionTesterTests.this.tester.runtime();
			StatefulFunctionTesterTests.this.tester.advance(Duration.ofHours(1));
			assertThat(runtime.time()).isEqualTo("1970-01-01T01:00:00Z");
		}

		@Test
		void rawMessagesArriveUnchanged() {
			Any raw = Any.newBuilder().setTypeUrl("other/type").build();
			assertThat(StatefulFunctionTesterTests.this.tester.send(raw).from("test/door", "1").to("shop/echo", "1"))
				.hasReply(raw)
				.hasState("last", raw)
				.hasNothingElse();
		}

	}

	static final class Unreliable {

		private final AtomicInteger calls = new AtomicInteger();

		private final AtomicInteger failures;

		Unreliable(int failures) {
			this.failures = new AtomicInteger(failures);
		}

		@Handler
		void on(String text, Context context) {
			this.calls.incrementAndGet();
			if (context.self().id().equals("1") && this.failures.getAndDecrement() > 0) {
				throw new IllegalStateException("not now");
			}
		}

	}

	static final class NeverReturns {

		@Handler
		void on(String text) throws InterruptedException {
			new CompletableFuture<Void>().join();
		}

	}

	static final class NeverCompletes {

		@Handler
		CompletionStage<Void> on(String text) {
			return new CompletableFuture<>();
		}

	}

	private static final class Visits {

		@Handler
		void on(String page, States states) {
			states.visit(page);
		}

		private record States(PersistedValue<Integer> count, @Persisted("latest") PersistedValue<String> last) {

			void visit(String page) {
				this.count.set(this.count.get().orElse(0) + 1);
				this.last.set(page);
			}

		}

	}

}
