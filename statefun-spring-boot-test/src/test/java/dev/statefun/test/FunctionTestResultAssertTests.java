package dev.statefun.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.Headers.Entry;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.egress.Egress;
import dev.statefun.sdk.egress.KafkaEgress;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.egress.KinesisEgress;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.test.Shop.Add;
import dev.statefun.test.Shop.CheckOut;
import dev.statefun.test.Shop.Items;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests that each assertion passes, and for its message when it fails.
 */
class FunctionTestResultAssertTests {

	private static final String ECHOED = """
			What happened:
			  shop/echo/1 handled io.statefun.types/string "hi" from shop/door/front
			    message to shop/door/front: io.statefun.types/string "hi"
			    state 'last': io.statefun.types/string "hi\"""";

	private static final String TIMED = """
			What happened:
			  shop/timer/joe handled io.statefun.types/string "x"
			    cancellation of the token 'timer'
			    message to shop/buyer/0 after 5m with the token 'timer': io.statefun.types/string "x\"""";

	private static final String BOUGHT = """
			What happened:
			  shop/cart/joe handled shop/CheckOut CheckOut[]
			    record to egress shop/receipts: Kafka record for topic 'receipts', key 'joe': "{"quantities":{"tea":2}}"
			    record to egress shop/audit: Kinesis record for stream 'audit', partition key 'joe': "bought"
			    state 'items' removed
			    state 'count' removed""";

	private static final String COPIED = """
			What happened:
			  shop/tenants/joe handled io.statefun.types/string "x" with headers {tenant: "acme"} from shop/door/front
			    message to shop/buyer/0: io.statefun.types/string "x" with headers {tenant: "acme"}
			    message to shop/buyer/0: io.statefun.types/string "x" with headers {tenant: "umbrella"}
			    message to shop/buyer/0 after 5m: io.statefun.types/string "x" with headers {tenant: "acme"}
			    record to egress shop/mails: io.statefun.types/string "x" with headers {tenant: "acme"}
			    message to shop/door/front: io.statefun.types/string "x" with headers {tenant: "acme"}""";

	private static final Items TEA = new Items(Map.of("tea", 2));

	private final StatefulFunctionTester tester = Shop.tester(Protocol.V3);

	private FunctionTestResult echoed() {
		return this.tester.send("hi").from("shop/door", "front").to("shop/echo", "1");
	}

	private FunctionTestResult echoedToNobody() {
		return this.tester.send("hi").to("shop/echo", "1");
	}

	private FunctionTestResult timed() {
		return this.tester.send("x").to("shop/timer", "joe");
	}

	private FunctionTestResult bought() {
		this.tester.given("shop/cart", "joe").state("items", TEA).state("count", 1);
		return this.tester.send(new CheckOut()).to("shop/cart", "joe");
	}

	private FunctionTestResult added() {
		return this.tester.send(new Add("tea", 2)).to("shop/cart", "joe");
	}

	private FunctionTestResult copied() {
		return copied(Headers.of("tenant", "acme"));
	}

	private static FunctionTestResult copied(Headers headers) {
		return StatefulFunctionTester.of("shop/tenants", new Shop.Tenants())
			.send("x")
			.withHeaders(headers)
			.from("shop/door", "front")
			.to("shop/tenants", "joe");
	}

	private static void assertFails(FunctionTestResult result, Consumer<FunctionTestResultAssert> assertion,
			String message) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertion.accept(assertThat(result)))
			.withMessage(message);
	}

	@Test
	void reply() {
		assertThat(echoed()).hasReply("hi");
		assertFails(echoed(), (echoed) -> echoed.hasReply("hello"), """

				Expecting:
				  reply to shop/door/front: io.statefun.types/string "hello"
				""" + ECHOED);
		assertFails(echoed(), (echoed) -> echoed.hasReply("hi").hasReply("hi"), """

				Expecting:
				  reply to shop/door/front: io.statefun.types/string "hi"
				which was there, but not once more than the assertions before have found
				""" + ECHOED);
		assertFails(echoedToNobody(), (echoed) -> echoed.hasReply("hi"),
				"There was no caller to reply to; give one with 'send(…).from(typename, id)' or 'send(…).fromGateway()'");
	}

	@Test
	void messagesToTypedTargets() {
		Target<Integer> stock = Target.of("shop/stock", Integer.class);
		assertThat(added()).hasMessage(stock.id("tea"), 2)
			.hasDelayedMessage(Duration.ofDays(1), Target.of("shop/cart", String.class).id("joe"), "remind");
		assertThat(timed()).hasCancelled("timer")
			.hasDelayedMessage(Duration.ofMinutes(5), Target.of("shop/buyer", String.class).id("0"), "x", "timer")
			.hasNothingElse();
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(added()).hasMessage(stock.id("milk"), 2))
			.withMessageContaining("message to shop/stock/milk: io.statefun.types/int 2");
	}

	@Test
	void recordsToTypedEgresses() {
		Egress<Add> added = Egress.of("added", Add.class);
		Egress<String> names = Egress.of("names", String.class);
		StatefulFunctionTester tester = StatefulFunctionTester.of(Shop.builder()
			.egress("added", KafkaEgress.of("shop/out", "added"))
			.egress("names", KinesisEgress.of("shop/names", "names"))
			.register(FunctionSpec.of("shop/sender"), (context, message) -> {
				context.sendEgress(added, new Add("tea", 2));
				context.sendEgress(names, "joe", "Joe");
			})
			.build());
		assertThat(tester.send("go").to("shop/sender", "1")).hasEgressRecord(added, new Add("tea", 2))
			.hasEgressRecord(names, "joe", "Joe")
			.hasNothingElse();
		assertThat(tester.send("go").to("shop/sender", "1")).hasKafkaRecord("shop/out", "added", "", new Add("tea", 2))
			.hasKinesisRecord("shop/names", "names", "joe", "Joe");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(tester.send("go").to("shop/sender", "1")).hasEgressRecord(added, "joe",
					new Add("tea", 2)))
			.withMessageContaining("record to egress shop/out: Kafka record for topic 'added', key 'joe'");
	}

	@Test
	void noReply() {
		assertThat(this.tester.send(1).from("shop/door", "front").to("shop/stock", "tea")).hasNoReply();
		assertFails(echoed(), FunctionTestResultAssert::hasNoReply, """

				Expecting no reply to shop/door/front, but there was:
				  shop/echo/1: message to shop/door/front: io.statefun.types/string "hi"
				""" + ECHOED);
	}

	@Test
	void messages() {
		assertThat(added()).hasMessage("shop/stock", "tea", 2);
		assertFails(echoed(), (echoed) -> echoed.hasMessage("shop/door", "back", "hi"), """

				Expecting:
				  message to shop/door/back: io.statefun.types/string "hi"
				""" + ECHOED);
		assertFails(echoed(), (echoed) -> echoed.hasMessage("shop/door", "front", StringValue.of("hi")), """

				Expecting:
				  message to shop/door/front: type.googleapis.com/google.protobuf.StringValue {value: "hi"}
				""" + ECHOED);
	}

	@Test
	void noMessages() {
		assertThat(bought()).hasNoMessages();
		assertFails(echoed(), FunctionTestResultAssert::hasNoMessages, """

				Expecting no message, but there was:
				  shop/echo/1: message to shop/door/front: io.statefun.types/string "hi"
				""" + ECHOED);
		assertFails(timed(), FunctionTestResultAssert::hasNoMessages, """

				Expecting no message, but there was:
				  shop/timer/joe: message to shop/buyer/0 after 5m with the token 'timer': io.statefun.types/string "x"
				""" + TIMED);
	}

	@Test
	void messagesOfOneType() {
		assertThat(added()).messages(Integer.class).containsExactly(2);
		assertThat(added()).messages(String.class).isEmpty();
		assertThat(added()).delayedMessages(String.class).containsExactly("remind");
		assertThat(echoed()).replies(String.class).containsExactly("hi");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(echoed()).as("echo").replies(String.class).containsExactly("ho"))
			.withMessageStartingWith("[echo, replies of type java.lang.String]");
		FunctionTestResult protobuf = this.tester.send(StringValue.of("hi"))
			.from("shop/door", "front")
			.to("shop/echo", "1");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(protobuf).messages(StringValue.class).isEmpty())
			.withMessageContaining("[StringValue {value: \"hi\"}]");
	}

	@Test
	void delayedMessages() {
		assertThat(added()).hasDelayedMessage(Duration.ofDays(1), "shop/cart", "joe", "remind");
		assertThat(timed()).hasDelayedMessage(Duration.ofMinutes(5), "shop/buyer", "0", "x", "timer");
	}

	@Test
	void delayedMessageWithAnotherDelayOrToken() {
		assertFails(timed(),
				(timed) -> timed.hasDelayedMessage(Duration.ofSeconds(90), "shop/buyer", "0", "x", "timer"), """

						Expecting:
						  message to shop/buyer/0 after 1m30s with the token 'timer': io.statefun.types/string "x"
						""" + TIMED);
	}

	@Test
	void delayedMessageWithATokenIsNotOneWithout() {
		assertFails(timed(), (timed) -> timed.hasDelayedMessage(Duration.ofMinutes(5), "shop/buyer", "0", "x"), """

				Expecting:
				  message to shop/buyer/0 after 5m: io.statefun.types/string "x"
				""" + TIMED);
	}

	@Test
	void headersOfMessagesAndRecords() {
		assertThat(copied()).hasMessage("shop/buyer", "0", "x")
			.withHeader("tenant", "acme")
			.withoutHeader("Tenant")
			.hasMessage("shop/buyer", "0", "x")
			.withHeader("tenant", ByteString.copyFromUtf8("umbrella"))
			.hasDelayedMessage(Duration.ofMinutes(5), "shop/buyer", "0", "x")
			.withHeader("tenant", "acme")
			.hasEgressRecord("shop/mails", "x")
			.withHeader("tenant", "acme")
			.hasReply("x")
			.withHeader("tenant", "acme")
			.hasNothingElse();
	}

	@Test
	void headerDecidesWhichOfEqualMessagesIsFound() {
		assertThat(copied()).hasMessage("shop/buyer", "0", "x")
			.withHeader("tenant", "umbrella")
			.hasMessage("shop/buyer", "0", "x")
			.withHeader("tenant", "acme");
		assertFails(copied(),
				(copied) -> copied.hasMessage("shop/buyer", "0", "x")
					.withHeader("tenant", "umbrella")
					.hasMessage("shop/buyer", "0", "x")
					.withHeader("tenant", "umbrella"),
				"""

						Expecting:
						  message to shop/buyer/0: io.statefun.types/string "x"
						  with header tenant: "umbrella"
						which was there, but not once more than the assertions before have found
						""" + COPIED);
		assertFails(copied(),
				(copied) -> copied.inOrder()
					.hasMessage("shop/buyer", "0", "x")
					.withHeader("tenant", "umbrella")
					.hasMessage("shop/buyer", "0", "x"),
				"""

						Expecting:
						  message to shop/buyer/0: io.statefun.types/string "x"
						which was there, but not behind what the assertions before have found
						""" + COPIED);
	}

	@Test
	void missingAndOtherHeaders() {
		assertFails(copied(), (copied) -> copied.hasEgressRecord("shop/mails", "x").withHeader("tenant", "other"), """

				Expecting:
				  record to egress shop/mails: io.statefun.types/string "x"
				  with header tenant: "other"
				""" + COPIED);
		assertFails(copied(), (copied) -> copied.hasReply("x").withHeader("zone", "eu"), """

				Expecting:
				  reply to shop/door/front: io.statefun.types/string "x"
				  with header zone: "eu"
				""" + COPIED);
		assertFails(copied(), (copied) -> copied.hasReply("x").withoutHeader("tenant"), """

				Expecting:
				  reply to shop/door/front: io.statefun.types/string "x"
				  without header tenant
				""" + COPIED);
	}

	@Test
	void headersOfNothing() {
		String message = "There is no message or record whose headers could be verified; call 'withHeader' and "
				+ "'withoutHeader' after an assertion that finds one, such as 'hasMessage'";
		assertFails(copied(), (copied) -> copied.withHeader("tenant", "acme"), message);
		assertFails(echoed(), (echoed) -> echoed.hasReply("hi").hasState("last", "hi").withoutHeader("tenant"),
				message);
		assertFails(echoed(), (echoed) -> echoed.hasReply("hi").hasNoEgressRecords().withoutHeader("tenant"), message);
		assertFails(timed(), (timed) -> timed.hasCancelled("timer").withoutHeader("tenant"), message);
	}

	@Test
	void headersWithoutATextAreShownAsBytes() {
		Headers headers = Headers.ofAll(List.of(new Entry("id", ByteString.copyFrom(new byte[] { -1, 0 })),
				new Entry("flag", null), new Entry("zone", ByteString.copyFromUtf8("eu"))));
		assertThat(copied(headers).toString()).startsWith("shop/tenants/joe handled io.statefun.types/string \"x\" "
				+ "with headers {id: 2 bytes ff00, flag, zone: \"eu\"} from shop/door/front\n");
	}

	@Test
	void cancellation() {
		assertThat(timed()).hasCancelled("timer");
	}

	@Test
	void cancellationOfAnotherToken() {
		assertFails(timed(), (timed) -> timed.hasCancelled("other"), """

				Expecting:
				  cancellation of the token 'other'
				""" + TIMED);
	}

	@Test
	void egressRecords() {
		added();
		FunctionTestResult reminded = this.tester.advance(Duration.ofDays(1));
		assertThat(reminded).hasEgressRecord("shop/mails", StringValue.of("remind joe"));
		assertThat(reminded).egressRecords("shop/mails", StringValue.class)
			.containsExactly(StringValue.of("remind joe"));
		assertFails(reminded, (actual) -> actual.hasEgressRecord("shop/mails", StringValue.of("remind")),
				"""

						Expecting:
						  record to egress shop/mails: type.googleapis.com/google.protobuf.StringValue {value: "remind"}
						What happened:
						  shop/cart/joe handled io.statefun.types/string "remind" from shop/cart/joe
						    record to egress shop/mails: type.googleapis.com/google.protobuf.StringValue {value: "remind joe"}""");
	}

	@Test
	void kafkaRecords() {
		FunctionTestResult bought = bought();
		assertThat(bought).hasKafkaRecord("shop/receipts", "receipts", "joe", TEA);
		String json = "{\"quantities\":{\"tea\":2}}";
		assertThat(bought).hasKafkaRecord("shop/receipts", "receipts", "joe", json);
		assertThat(bought).hasKafkaRecord("shop/receipts", "receipts", "joe", json.getBytes(StandardCharsets.UTF_8));
		assertThat(bought).hasKafkaRecord("shop/receipts", "receipts", "joe", ByteString.copyFromUtf8(json));
		assertThat(bought).hasEgressRecord("shop/receipts",
				KafkaRecord.forTopic("receipts").key("joe").utf8Value(json).build());
		assertThat(bought).kafkaRecords("shop/receipts").extracting(SentKafkaRecord::text).containsExactly(json);
		assertThat(bought).kafkaRecords("shop/audit").isEmpty();
		assertFails(bought, (actual) -> actual.hasKafkaRecord("shop/receipts", "receipts", "", "sold"), """

				Expecting:
				  record to egress shop/receipts: Kafka record for topic 'receipts', no key: "sold"
				""" + BOUGHT);
	}

	@Test
	void kinesisRecords() {
		FunctionTestResult bought = bought();
		assertThat(bought).hasKinesisRecord("shop/audit", "audit", "joe", "bought");
		assertThat(bought).kinesisRecords("shop/audit")
			.containsExactly(new SentKinesisRecord("audit", "joe", "", ByteString.copyFromUtf8("bought")));
		assertFails(bought, (actual) -> actual.hasKinesisRecord("shop/audit", "audit", "jim", "bought"), """

				Expecting:
				  record to egress shop/audit: Kinesis record for stream 'audit', partition key 'jim': "bought"
				""" + BOUGHT);
	}

	@Test
	void noEgressRecords() {
		assertThat(echoed()).hasNoEgressRecords();
		assertFails(bought(), FunctionTestResultAssert::hasNoEgressRecords,
				"""

						Expecting no egress record, but there was:
						  shop/cart/joe: record to egress shop/receipts: Kafka record for topic 'receipts', key 'joe': \
						"{"quantities":{"tea":2}}"
						  shop/cart/joe: record to egress shop/audit: Kinesis record for stream 'audit', partition key 'joe': "bought"
						"""
						+ BOUGHT);
	}

	@Test
	void states() {
		FunctionTestResult added = added();
		assertThat(added).hasState("items", TEA).hasState("shop/stock", "tea", "left", 8L);
		assertFails(echoed(), (echoed) -> echoed.hasState("last", "ho"), """

				Expecting state 'last' of shop/echo/1 to be:
				  io.statefun.types/string "ho"
				but it was:
				  io.statefun.types/string "hi"
				""" + ECHOED);
		assertFails(bought(), (bought) -> bought.hasState("count", 1), """

				Expecting state 'count' of shop/cart/joe to be:
				  io.statefun.types/int 1
				but it was:
				  without a value
				""" + BOUGHT);
		assertFails(this.tester.advance(Duration.ZERO), (nothing) -> nothing.hasState("count", 1),
				"No message was sent, so name the function instance: 'hasState(typename, id, name, value)', "
						+ "'hasNoState(typename, id, name)'");
	}

	@Test
	void stateCannotBeVerifiedOnAnEarlierResult() {
		FunctionTestResult earlier = echoed();
		echoed();
		assertThatIllegalStateException().isThrownBy(() -> assertThat(earlier).hasState("last", "hi"))
			.withMessage("State 'last' of 'shop/echo/1' may have changed since this result: assert on it before the "
					+ "tester goes on, or ask the tester for the state");
	}

	@Test
	void noState() {
		assertThat(bought()).hasNoState("items").hasNoState("shop/stock", "tea", "left");
		assertFails(echoed(), (echoed) -> echoed.hasNoState("last"), """

				Expecting state 'last' of shop/echo/1 to have no value, but it was:
				  io.statefun.types/string "hi"
				""" + ECHOED);
	}

	@Test
	void noStateChanges() {
		assertThat(timed()).hasNoStateChanges();
		assertFails(echoed(), FunctionTestResultAssert::hasNoStateChanges, """

				Expecting no change of a state, but there was:
				  shop/echo/1: state 'last': io.statefun.types/string "hi"
				""" + ECHOED);
	}

	@Test
	void nothingElse() {
		assertThat(echoed()).hasReply("hi").hasState("last", "hi").hasNothingElse();
		assertFails(echoed(), (echoed) -> echoed.hasReply("hi").hasNothingElse(), """

				Expecting nothing else, but there was:
				  shop/echo/1: state 'last': io.statefun.types/string "hi"
				""" + ECHOED);
		assertThat(this.tester.advance(Duration.ZERO)).hasNothingElse();
	}

	@Test
	void nothingHappened() {
		assertFails(this.tester.advance(Duration.ZERO), (nothing) -> nothing.hasMessage("shop/door", "front", 1), """

				Expecting:
				  message to shop/door/front: io.statefun.types/int 1
				What happened:
				  nothing""");
	}

	@Test
	void order() {
		FunctionTestResult twice = this.tester.send("a", "b").from("shop/door", "front").to("shop/echo", "1");
		assertThat(twice).hasReply("b").hasReply("a");
		assertThat(twice).inOrder().hasReply("a").hasReply("b").hasState("last", "b").hasNothingElse();
		assertFails(twice, (actual) -> actual.inOrder().hasReply("b").hasReply("a"), """

				Expecting:
				  reply to shop/door/front: io.statefun.types/string "a"
				which was there, but not behind what the assertions before have found
				What happened:
				  shop/echo/1 handled io.statefun.types/string "a" from shop/door/front
				  shop/echo/1 handled io.statefun.types/string "b" from shop/door/front
				    message to shop/door/front: io.statefun.types/string "a"
				    message to shop/door/front: io.statefun.types/string "b"
				    state 'last': io.statefun.types/string "b\"""");
	}

	@Test
	void effectsAreListedInTheOrderOfTheCallsAndStatesLast() {
		StatefulFunctions functions = Shop.builder().register("shop/caller", new Shop.Caller()).build();
		FunctionTestResult called = StatefulFunctionTester.of(functions)
			.send("x")
			.from("shop/door", "front")
			.to("shop/caller", "joe");
		assertThat(called.toString()).isEqualTo("""
				shop/caller/joe handled io.statefun.types/string "x" from shop/door/front
				  record to egress shop/mails: io.statefun.types/string "first"
				  message to shop/buyer/0 after 5m with the token 'timer': io.statefun.types/string "second"
				  message to shop/buyer/0: io.statefun.types/string "third"
				  cancellation of the token 'timer'
				  record to egress shop/mails: io.statefun.types/string "fifth"
				  message to shop/door/front: io.statefun.types/string "sixth"
				  state 'last': io.statefun.types/string "x\"""");
	}

	@Test
	void descriptionOfTheTestComesFirst() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(echoed()).as("100% echo").hasReply("ho"))
			.withMessageStartingWith("[100% echo] ");
	}

	@Test
	void bytesOfUnknownTypesAreShownUnchanged() {
		Any text = Any.newBuilder().setTypeUrl("other/text").setValue(ByteString.copyFromUtf8("50% off")).build();
		Any bytes = Any.newBuilder().setTypeUrl("other/bytes").setValue(ByteString.copyFrom(new byte[100])).build();
		assertThat(this.tester.send(text, bytes).to("shop/echo", "1").toString())
			.startsWith("shop/echo/1 handled other/text \"50% off\"\nshop/echo/1 handled other/bytes 100 bytes "
					+ "00".repeat(64) + "…\n");
	}

	@Test
	void rawMessagesAreEqualInTypeAndBytes() {
		Any raw = Any.newBuilder().setTypeUrl("other/text").setValue(ByteString.copyFromUtf8("x")).build();
		FunctionTestResult result = this.tester.send(raw).from("shop/door", "front").to("shop/echo", "1");
		assertThat(result).hasReply(raw).hasState("last", raw);
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(result).hasReply(raw.toBuilder().setTypeUrl("other/word").build()));
	}

}
