package dev.statefun.flinktests.upgrade;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The first release.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(FirstRelease.Cart.class)
public class FirstRelease {

	/** Egress for the content of carts. */
	public static final String EGRESS = "upgrade/out";

	@StatefulFunction("upgrade/cart")
	static class Cart {

		@Handler
		void add(int amount, @Persisted("total") PersistedValue<Integer> total,
				@Persisted("last") PersistedValue<Order> last, Context context) {
			total.set(total.get().orElse(0) + amount);
			last.set(new Order("order", amount));
			context.sendEgress(EGRESS, context.self().id() + " " + total.get().orElseThrow());
		}

	}

	@MessageType("upgrade/order")
	record Order(String id, int amount) {

	}

}
