package dev.statefun.test;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import com.google.protobuf.Any;
import com.google.protobuf.StringValue;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.CancellationToken;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.egress.KinesisRecord;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.json.JsonMessageCodecs;
import tools.jackson.databind.json.JsonMapper;

/**
 * Functions that use every feature: messages as JSON, protobuf, primitives and raw.
 */
final class Shop {

	private Shop() {
	}

	static StatefulFunctions functions() {
		return builder().build();
	}

	static StatefulFunctions.Builder builder() {
		JsonMessageCodecs json = new JsonMessageCodecs(new JsonMapper());
		return StatefulFunctions.builder()
			.codecs(json)
			.json(json)
			.register("shop/cart", new Cart())
			.register("shop/stock", new Stock())
			.register("shop/timer", new Timer())
			.register(FunctionSpec.of("shop/echo").state("last", Any.class), (context, message) -> {
				context.state("last").set(message);
				context.caller().ifPresent((caller) -> context.send(caller, message));
			});
	}

	static StatefulFunctionTester tester(Protocol protocol) {
		return StatefulFunctionTester.of(functions()).protocol(protocol);
	}

	static final class Cart {

		// Writes its state, asks the stock, and sends a reminder a day later
		@Handler
		void add(Add add, Context context, @Persisted("items") PersistedValue<Items> items,
				@Persisted("count") PersistedValue<Integer> count) {
			items.set(items.get().orElse(new Items(Map.of())).plus(add.sku(), add.quantity()));
			count.set(count.get().orElse(0) + 1);
			context.send("shop/stock", add.sku(), add.quantity());
			context.sendAfter(Duration.ofDays(1), context.self(), "remind");
		}

		@Handler
		void remind(String text, Context context) {
			context.sendEgress("shop/mails", StringValue.of(text + " " + context.self().id()));
		}

		@Handler
		Optional<Items> checkOut(CheckOut order, Context context, @Persisted("items") PersistedValue<Items> items,
				@Persisted("count") PersistedValue<Integer> count) {
			Optional<Items> bought = items.get();
			Items content = bought.orElseThrow(() -> new IllegalStateException("the cart is empty"));
			context.sendEgress("shop/receipts",
					KafkaRecord.forTopic("receipts").key(context.self().id()).jsonValue(content).build());
			context.sendEgress("shop/audit",
					KinesisRecord.forStream("audit").partitionKey(context.self().id()).utf8Value("bought").build());
			items.remove();
			count.remove();
			return context.caller().isPresent() ? bought : Optional.empty();
		}

	}

	// Cancels and sends delayed messages; clusters of 3.x only
	static final class Timer {

		@Handler
		void restart(String text, Context context) {
			context.cancelDelayed(CancellationToken.of("timer"));
			context.sendAfter(Duration.ofMinutes(5), Address.of("shop/buyer", "0"), text,
					CancellationToken.of("timer"));
		}

	}

	// Calls its context in another order than a cluster applies the effects
	static final class Caller {

		@Handler
		String call(String text, Context context, @Persisted("last") PersistedValue<String> last) {
			last.set(text);
			context.sendEgress("shop/mails", "first");
			context.sendAfter(Duration.ofMinutes(5), Address.of("shop/buyer", "0"), "second",
					CancellationToken.of("timer"));
			context.send("shop/buyer", "0", "third");
			context.cancelDelayed(CancellationToken.of("timer"));
			context.sendEgress("shop/mails", "fifth");
			return "sixth";
		}

	}

	// Sends equal messages with the received tenant and with another one
	static final class Tenants {

		@Handler
		void copy(String text, Context context) {
			Context received = context.withHeaders(context.headers());
			received.send("shop/buyer", "0", text);
			context.withHeaders(Headers.of("tenant", "umbrella")).send("shop/buyer", "0", text);
			received.sendAfter(Duration.ofMinutes(5), Address.of("shop/buyer", "0"), text);
			received.sendEgress("shop/mails", text);
			context.caller().ifPresent((caller) -> received.reply(text));
		}

	}

	static final class Stock {

		@Handler
		void take(int quantity, Context context, @Persisted("left") PersistedValue<Long> left) {
			long rest = left.get().orElse(10L) - quantity;
			if (rest < 0) {
				context.send("shop/buyer", "0", StringValue.of(context.self().id()));
			}
			else {
				left.set(rest);
			}
		}

	}

	@MessageType("shop/Add")
	record Add(String sku, int quantity) {

	}

	@MessageType("shop/CheckOut")
	record CheckOut() {

	}

	@MessageType("shop/Items")
	record Items(Map<String, Integer> quantities) {

		Items plus(String sku, int quantity) {
			Map<String, Integer> sum = new TreeMap<>(this.quantities);
			sum.merge(sku, quantity, Integer::sum);
			return new Items(sum);
		}

	}

}
