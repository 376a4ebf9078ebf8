package dev.statefun.test;

import java.time.Duration;
import java.util.Map;

import com.google.protobuf.Any;
import com.google.protobuf.StringValue;
import dev.statefun.local.RequestFailedException;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.FailureKind;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.sdk.message.UnmappedTypeException;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.client.FunctionRequestException;
import dev.statefun.spring.client.FunctionRequestException.Reason;
import dev.statefun.test.Shop.Add;
import dev.statefun.test.Shop.CheckOut;
import dev.statefun.test.Shop.Items;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for messages that a tester sends as a gateway does, and for the replies to them.
 */
class RequestTests {

	private static final Target<Add> CART = Target.of("shop/cart", Add.class);

	private static final Target<String> CLERK = Target.of("shop/clerk", String.class);

	private final StatefulFunctionTester tester = Shop.tester(Protocol.V3);

	private final StatefulFunctionTester clerk = StatefulFunctionTester
		.of(Shop.builder().register("shop/clerk", new Clerk()).register("shop/chef", new Clerk()).build());

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void firstReplyIsReturned(Protocol protocol) {
		StatefulFunctionTester tester = Shop.tester(protocol);
		tester.send(new Add("tea", 2)).to("shop/cart", "joe");
		assertThat(tester.request("shop/cart", "joe", new CheckOut(), Items.class))
			.isEqualTo(new Items(Map.of("tea", 2)));
		assertThat(tester.request(Address.of("shop/echo", "1"), StringValue.of("hello"), StringValue.class))
			.isEqualTo(StringValue.of("hello"));
	}

	@Test
	void typedTargetTakesAMessageOfItsType() {
		assertThat(this.clerk.request(CLERK.id("ann"), "price", Integer.class)).isEqualTo(3);
		Any reply = this.clerk.request(CLERK.id("ann"), "price", Any.class);
		assertThat(reply.getTypeUrl()).isEqualTo("io.statefun.types/int");
	}

	@Test
	void functionSeesAGatewayAsItsCallerWhichIsAnotherOneForEachRequest() {
		String first = this.clerk.request(CLERK.id("ann"), "who", String.class);
		String second = this.clerk.request(CLERK.id("ann"), "who", String.class);
		assertThat(first).startsWith("statefun.gateway/").contains("/x/").isNotEqualTo(second);
		assertThat(second).startsWith("statefun.gateway/");
	}

	@Test
	void resultHasAllEffectsAndFurtherReplies() {
		FunctionTestResult result = this.clerk.send("twice")
			.withHeader("tenant", "acme")
			.fromGateway()
			.to("shop/clerk", "ann");
		assertThat(result.reply(String.class)).isEqualTo("one");
		assertThat(result).hasReply("one").hasReply("two").hasState("served", 1).hasNothingElse();
		assertThat(result).replies(String.class).containsExactly("one", "two");
	}

	@Test
	void anotherFunctionMayReply() {
		assertThat(this.clerk.request(CLERK.id("ann"), "ask the chef", String.class)).isEqualTo("at last");
	}

	@Test
	void replyThatComesLaterIsTakenFromTheAdvance() {
		FunctionTestResult asked = this.clerk.send("later").fromGateway().to("shop/clerk", "ann");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> asked.reply(String.class));
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.clerk.advance(Duration.ofMinutes(4)).reply(String.class))
			.withMessageStartingWith("There was no reply to 'statefun.gateway/function-tester/x/");
		FunctionTestResult later = this.clerk.advance(Duration.ofMinutes(1));
		assertThat(later.reply(String.class)).isEqualTo("at last");
		assertThat(later).hasReply("at last");
	}

	@Test
	void replyThatComesLaterIsToTheCallerOfTheLastMessage() {
		this.clerk.send("later").from("shop/door", "front").to("shop/clerk", "ann");
		assertThat(this.clerk.advance(Duration.ofMinutes(5))).hasReply("at last");
		this.clerk.send("later").fromGateway().to("shop/clerk", "ann");
		this.clerk.send("quiet").to("shop/clerk", "bob");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.clerk.advance(Duration.ofMinutes(5)).reply(String.class))
			.withMessage(FunctionTestResultAssert.NO_CALLER);
		this.clerk.send("later").fromGateway().to("shop/clerk", "ann");
		this.clerk.reset();
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.clerk.advance(Duration.ofMinutes(5)).reply(String.class))
			.withMessage(FunctionTestResultAssert.NO_CALLER);
	}

	@Test
	void gatewayExistsBesideTheDeclaredFunctions() {
		assertThat(this.clerk.outside().request(CLERK.id("ann"), "price", Integer.class)).isEqualTo(3);
	}

	/**
	 * Requests that get no reply, or another one than expected.
	 */
	@Nested
	class Failures {

		@Test
		void noReplyIsAnErrorThatSaysWhatHappenedInstead() {
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> RequestTests.this.clerk.request("shop/clerk", "ann", "quiet", Integer.class))
				.withMessage("""
						'shop/clerk/ann' did not reply to 'statefun.gateway/function-tester/x/%s'. If the reply comes \
						later, let time pass, and take it from the result: \
						'tester.advance(duration).reply(Integer.class)'.
						What happened:
						  shop/clerk/ann handled io.statefun.types/string "quiet" from \
						statefun.gateway/function-tester/x/%s
						    message to shop/log/1: io.statefun.types/string "quiet"
						    state 'served': io.statefun.types/int 1""".formatted("0".repeat(31) + "1",
						"0".repeat(31) + "1"));
		}

		@Test
		void replyOfAnotherTypeIsDescribed() {
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> RequestTests.this.clerk.request("shop/clerk", "ann", "price", String.class))
				.withMessageStartingWith("Expected a reply of the type 'java.lang.String' from 'shop/clerk/ann', found "
						+ "io.statefun.types/int 3.\nWhat happened:\n  shop/clerk/ann handled");
		}

		@Test
		void replyThatCanNotBeDecodedIsDescribed() {
			Any broken = Any.newBuilder().setTypeUrl("shop/Items").setValue(StringValue.of("x").toByteString()).build();
			assertThatIllegalArgumentException()
				.isThrownBy(() -> RequestTests.this.tester.request("shop/echo", "1", broken, Items.class))
				.withMessageContaining("can't be decoded as '" + Items.class.getName() + "'");
		}

		@Test
		void failureOfAHandlerIsThatOfOtherMessages() {
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> RequestTests.this.tester.request("shop/cart", "joe", new CheckOut(), Items.class))
				.havingRootCause()
				.withMessage("the cart is empty");
		}

		@Test
		void skippedMessageHasFailed() {
			StatefulFunctionTester skipping = failing(FailureAction.skip());
			assertThatExceptionOfType(FunctionRequestException.class)
				.isThrownBy(() -> skipping.request("shop/cart", "joe", new CheckOut(), Items.class))
				.withMessageStartingWith("FAILED (HANDLER): 'shop/cart/joe' could not handle the message")
				.withMessageContaining("the message has failed (HANDLER)")
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.FAILED))
				.satisfies((ex) -> assertThat(ex.failure()).isEqualTo(FailureKind.HANDLER));
		}

		@Test
		void deadLetteredMessageHasFailed() {
			StatefulFunctionTester deadLettering = failing(
					FailureAction.deadLetter(EgressId.parse("shop/dead"), StringValue.of("dead")));
			FunctionTestResult result = deadLettering.send(true).fromGateway().to("shop/cart", "joe");
			assertThat(result).hasEgressRecord("shop/dead", StringValue.of("dead"));
			assertThatExceptionOfType(FunctionRequestException.class).isThrownBy(() -> result.reply(Any.class))
				.satisfies((ex) -> assertThat(ex.failure()).isEqualTo(FailureKind.UNKNOWN_TYPE));
		}

		@Test
		void otherCallersAreNotToldOfAFailure() {
			FunctionTestResult result = failing(FailureAction.skip()).send(new CheckOut())
				.from("shop/page", "1")
				.to("shop/cart", "joe");
			assertThat(result).hasNothingElse();
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> result.reply(Items.class))
				.withMessageStartingWith("'shop/cart/joe' did not reply to 'shop/page/1'");
		}

		@Test
		void failureOfAnUnknownKindHasItsName() {
			assertThatExceptionOfType(FunctionRequestException.class)
				.isThrownBy(() -> RequestTests.this.clerk.request("shop/clerk", "ann", "fail as others do", Any.class))
				.withMessageStartingWith("FAILED (OTHER)")
				.satisfies((ex) -> assertThat(ex.failure()).isNull());
		}

		@Test
		void messageWithoutACallerHasNoReply() {
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> RequestTests.this.clerk.send("quiet").to("shop/clerk", "ann").reply(String.class))
				.withMessageContaining("'send(…).fromGateway()'");
		}

		@Test
		void badInputIsRefusedBeforeItIsSent() {
			StatefulFunctionTester tester = RequestTests.this.tester;
			assertThatIllegalArgumentException()
				.isThrownBy(() -> tester.request("shop/cart", "", new CheckOut(), Items.class))
				.withMessage("A message to 'shop/cart' needs an id that is not empty");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> tester.request("shop/nothing", "1", new CheckOut(), Items.class))
				.withMessageContaining("shop/nothing");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> tester.request("cart", "1", new CheckOut(), Items.class))
				.withMessageContaining("cart");
			Any packed = Any.newBuilder().setTypeUrl("shop/Other").build();
			assertThatExceptionOfType(UnmappedTypeException.class)
				.isThrownBy(() -> tester.request("shop/echo", "1", packed, Thread.class));
			assertThatExceptionOfType(UnmappedTypeException.class)
				.isThrownBy(() -> tester.request("shop/echo", "1", Thread.currentThread(), Any.class));
			assertThatExceptionOfType(UnmappedTypeException.class)
				.isThrownBy(() -> tester.request(CART.id("joe"), new Add("tea", 1), Thread.class));
		}

		private static StatefulFunctionTester failing(FailureAction action) {
			StatefulFunctions functions = Shop.functions();
			RequestReplyHandler handler = RequestReplyHandler.builder(functions)
				.failurePolicy((failed) -> action)
				.build();
			return StatefulFunctionTester.of(functions).over(handler::handle);
		}

	}

	static final class Clerk {

		@Handler
		void serve(String wish, Context context, @Persisted("served") PersistedValue<Integer> served) {
			served.set(served.get().orElse(0) + 1);
			switch (wish) {
				case "price" -> context.reply(3);
				case "who" -> context.reply(context.caller().orElseThrow().toString());
				case "twice" -> {
					context.reply("one");
					context.reply("two");
				}
				case "later" -> context.sendAfter(Duration.ofMinutes(5), context.self(), new Asked(context));
				case "ask the chef" -> context.send("shop/chef", "1", new Asked(context));
				case "fail as others do" -> context.reply(Any.newBuilder()
					.setTypeUrl("type.googleapis.com/dev.statefun.gateway.Failed")
					.setValue(StringValue.of("OTHER").toByteString())
					.build());
				default -> context.send("shop/log", "1", wish);
			}
		}

		@Handler
		void answer(Asked asked, Context context) {
			context.send(asked.type(), asked.id(), "at last");
		}

	}

	@MessageType("shop/Asked")
	record Asked(String type, String id) {

		Asked(Context context) {
			this(context.caller().orElseThrow().type().toString(), context.caller().orElseThrow().id());
		}

	}

}
