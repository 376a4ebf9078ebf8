package dev.statefun.docs;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import com.google.protobuf.Any;
import dev.statefun.sdk.CancellationToken;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;

@StatefulFunction("shop/cart")
class Cart {

	private final PriceService prices;

	Cart(PriceService prices) {
		this.prices = prices;
	}

	// One handler per message type: the parameter decides
	@Handler
	void add(AddItem item, CartState state, Context context) {
		Items current = state.items().get().orElse(new Items(Map.of()));
		state.items().set(current.plus(item.sku(), item.quantity()));
		context.cancelDelayed(CancellationToken.of("remind"));
		context.sendAfter(Duration.ofDays(1), context.self(), new Remind(), CancellationToken.of("remind"));
	}

	// What it returns is sent to the caller
	@Handler
	Optional<Items> show(Show request, CartState state) {
		return state.items().get();
	}

	// The next message of the batch waits for the stage
	@Handler
	CompletionStage<Void> checkOut(CheckOut order, CartState state, Context context) {
		Items bought = state.items().get().orElseThrow(() -> new IllegalStateException("the cart is empty"));
		return this.prices.total(bought.quantities()).thenAccept((total) -> {
			Receipt receipt = new Receipt(context.self().id(), total);
			context.sendEgress("shop/receipts",
					KafkaRecord.forTopic("receipts").key(receipt.cart()).jsonValue(receipt).build());
			state.items().remove();
		});
	}

	// Whatever no other handler takes; without it, an unknown type is an error
	@Handler
	void other(Any message, Context context) {
		context.send("shop/dead-letters", context.self().id(), message);
	}

	// The states of each cart, by the names of the components
	record CartState(@Persisted(expireAfterCall = "30d") PersistedValue<Items> items) {

	}

	@MessageType("shop/AddItem")
	record AddItem(String sku, int quantity) {

	}

	@MessageType("shop/Show")
	record Show() {

	}

	@MessageType("shop/CheckOut")
	record CheckOut() {

	}

	@MessageType("shop/Remind")
	record Remind() {

	}

	@MessageType("shop/Items")
	record Items(Map<String, Integer> quantities) {

		Items plus(String sku, int quantity) {
			Map<String, Integer> sum = new HashMap<>(this.quantities);
			sum.merge(sku, quantity, Integer::sum);
			return new Items(sum);
		}

	}

	record Receipt(String cart, long cents) {

	}

	interface PriceService {

		CompletionStage<Long> total(Map<String, Integer> quantities);

	}

}
