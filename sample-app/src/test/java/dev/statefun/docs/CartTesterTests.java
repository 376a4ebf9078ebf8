package dev.statefun.docs;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.statefun.docs.Cart.AddItem;
import dev.statefun.docs.Cart.CheckOut;
import dev.statefun.docs.Cart.Items;
import dev.statefun.docs.Cart.Receipt;
import dev.statefun.docs.Cart.Remind;
import dev.statefun.docs.Cart.Show;
import dev.statefun.local.EgressKind;
import dev.statefun.local.RequestFailedException;
import dev.statefun.sdk.egress.KafkaEgress;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.json.JsonMessageCodecs;
import dev.statefun.test.FunctionTestResult;
import dev.statefun.test.StatefulFunctionTester;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The tests shown in the documentation.
 */
class CartTesterTests {

	private final Prices prices = new Prices();

	private final StatefulFunctionTester tester = StatefulFunctionTester.of(functions());

	private StatefulFunctions functions() {
		JsonMessageCodecs json = new JsonMessageCodecs(new JsonMapper());
		return StatefulFunctions.builder()
			.codecs(json)
			.json(json)
			.egress("receipts", KafkaEgress.of("shop/receipts", "receipts"))
			.register("shop/cart", new Cart(this.prices))
			.build();
	}

	@Test
	void checkOutSendsAReceipt() {
		this.tester.given("shop/cart", "4711").state("items", new Items(Map.of("tea", 2)));
		assertThat(this.tester.send(new CheckOut()).to("shop/cart", "4711"))
			.hasKafkaRecord("shop/receipts", "receipts", "4711", new Receipt("4711", 42))
			.hasNoState("items")
			.hasNothingElse();
	}

	@Test
	void callerIsShownTheItems() {
		this.tester.send(new AddItem("tea", 1), new AddItem("tea", 2)).to("shop/cart", "4711");
		assertThat(this.tester.send(new Show()).from("shop/page", "1").to("shop/cart", "4711"))
			.hasReply(new Items(Map.of("tea", 3)))
			.hasNothingElse();
	}

	@Test
	void requestReturnsTheItems() {
		this.tester.send(new AddItem("tea", 1)).to("shop/cart", "4711");
		assertThat(this.tester.request("shop/cart", "4711", new Show(), Items.class))
			.isEqualTo(new Items(Map.of("tea", 1)));
	}

	@Test
	void itemsAreShownAndKept() {
		this.tester.given("shop/cart", "4711").state("items", new Items(Map.of("tea", 2)));
		FunctionTestResult shown = this.tester.send(new Show()).fromGateway().to("shop/cart", "4711");
		assertThat(shown.reply(Items.class).quantities()).containsEntry("tea", 2);
		assertThat(shown).hasReply(new Items(Map.of("tea", 2))).hasNothingElse();
	}

	@Test
	void remindsADayAfterTheLastItem() {
		this.tester.send(new AddItem("tea", 1)).to("shop/cart", "4711");
		this.tester.advance(Duration.ofHours(23));
		this.tester.send(new AddItem("milk", 1)).withHeader("locale", "de").to("shop/cart", "4711");
		assertThat(this.tester.advance(Duration.ofHours(23))).hasNothingElse();
		assertThat(this.tester.advance(Duration.ofHours(1))).hasMessage("shop/reminders", "4711", new Remind("de"));
	}

	@Test
	void checkOutCancelsTheReminder() {
		assertThat(this.tester.send(new AddItem("tea", 1)).to("shop/cart", "4711")).hasTimer("remind",
				Duration.ofDays(1), new Remind("en"));
		assertThat(this.tester.send(new CheckOut()).to("shop/cart", "4711")).hasCancelledTimer("remind");
		assertThat(this.tester.advance(Duration.ofDays(1))).hasNothingElse();
	}

	@Test
	void itemsExpire() {
		this.tester.send(new AddItem("tea", 1)).to("shop/cart", "4711");
		this.tester.advance(Duration.ofDays(32));
		assertThat(this.tester.state("shop/cart", "4711", "items", Items.class)).isEmpty();
	}

	@Test
	void checkOutOfAnEmptyCartFails() {
		assertThatExceptionOfType(RequestFailedException.class)
			.isThrownBy(() -> this.tester.send(new CheckOut()).to("shop/cart", "4711"))
			.havingRootCause()
			.withMessage("the cart is empty");
	}

	@Test
	void checkOutWaitsForThePrices() {
		this.tester.given("shop/cart", "4711").state("items", new Items(Map.of("tea", 2)));
		this.prices.down = true;
		assertThatExceptionOfType(RequestFailedException.class)
			.isThrownBy(() -> this.tester.send(new CheckOut()).to("shop/cart", "4711"));
		this.prices.down = false;
		assertThat(this.tester.advance(Duration.ofSeconds(1))).hasNoState("shop/cart", "4711", "items")
			.kafkaRecords("shop/receipts")
			.hasSize(1);
	}

	@Test
	void pricesAreAskedOnceMoreWhenTheClusterAsksOnceMore() {
		StatefulFunctionTester twice = this.tester.deliverTwice();
		twice.given("shop/cart", "4711").state("items", new Items(Map.of("tea", 2)));
		assertThat(twice.send(new CheckOut()).to("shop/cart", "4711")).kafkaRecords("shop/receipts").hasSize(1);
		assertThat(this.prices.asked).isEqualTo(2);
	}

	@Test
	void everyNameIsDeclared() {
		StatefulFunctionTester strict = this.tester.outside("shop/reminders").egress("shop/receipts", EgressKind.KAFKA);
		strict.send(new AddItem("tea", 1)).to("shop/cart", "4711");
		assertThat(strict.send(new CheckOut()).to("shop/cart", "4711")).kafkaRecords("shop/receipts").hasSize(1);
	}

	private static final class Prices implements Cart.PriceService {

		private boolean down;

		private int asked;

		@Override
		public CompletionStage<Long> total(Map<String, Integer> quantities) {
			this.asked++;
			return this.down ? CompletableFuture.failedFuture(new IllegalStateException("down"))
					: CompletableFuture.completedFuture(42L);
		}

	}

}
