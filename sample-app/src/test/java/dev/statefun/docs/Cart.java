package dev.statefun.docs;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import com.google.protobuf.Any;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Header;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.egress.Egress;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;

@StatefulFunction("shop/cart")
record Cart(PriceService prices) {

	private static final Target<Remind> REMINDERS = Target.of("shop/reminders", Remind.class);

	private static final Egress<Receipt> RECEIPTS = Egress.of("receipts", Receipt.class);

	// One handler per message type: the parameter decides
	@Handler
	void add(AddItem item, @Header("locale") Optional<String> locale, CartState cart, Timers timers) {
		Items items = cart.items().get().orElse(new Items(new HashMap<>()));
		items.quantities().merge(item.sku(), item.quantity(), Integer::sum);
		cart.items().set(items);
		timers.start("remind", Duration.ofDays(1), new Remind(locale.orElse("en")));
	}

	// A day after the last item was added
	@Handler
	void remind(Remind reminder, Context context) {
		context.send(REMINDERS.id(context.self().id()), reminder);
	}

	// What it returns is sent to the caller
	@Handler
	Optional<Items> show(Show request, CartState cart) {
		return cart.items().get();
	}

	// The next message of the batch waits for the stage
	@Handler
	CompletionStage<Void> checkOut(CheckOut order, CartState cart, Context context, Timers timers) {
		Items bought = cart.items().get().orElseThrow(() -> new IllegalStateException("the cart is empty"));
		return this.prices.total(bought.quantities()).thenAccept((total) -> {
			context.sendEgress(RECEIPTS, context.self().id(), new Receipt(context.self().id(), total));
			cart.items().remove();
			timers.cancel("remind");
		});
	}

	// Whatever no other handler takes; without it, an unknown type is an error
	@Handler
	void other(Any message, Context context) {
		context.forward("shop/dead-letters", context.self().id());
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
	record Remind(String locale) {

	}

	@MessageType("shop/Items")
	record Items(Map<String, Integer> quantities) {

	}

	@MessageType("shop/Receipt")
	record Receipt(String cart, long cents) {

	}

	interface PriceService {

		CompletionStage<Long> total(Map<String, Integer> quantities);

	}

}
