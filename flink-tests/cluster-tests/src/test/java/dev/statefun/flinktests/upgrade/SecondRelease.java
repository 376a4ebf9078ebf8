package dev.statefun.flinktests.upgrade;

import java.util.Optional;

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
 * The second release.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ SecondRelease.Cart.class, SecondRelease.Audit.class })
public class SecondRelease {

	@StatefulFunction("upgrade/cart")
	static class Cart {

		@Handler
		void add(int amount, @Persisted("total") PersistedValue<Integer> total,
				@Persisted("last") PersistedValue<Order> last, @Persisted("added") PersistedValue<Integer> added,
				Context context) {
			total.set(total.get().orElse(0) + amount);
			added.set(added.get().orElse(0) + 1);
			Order before = last.get().orElseThrow();
			last.set(new Order("order", amount, Optional.of("gift")));
			context.send("upgrade/audit", context.self().id(), context.self().id() + " " + total.get().orElseThrow()
					+ ", " + added.get().orElseThrow() + " since the upgrade, after " + before);
		}

	}

	@StatefulFunction("upgrade/audit")
	static class Audit {

		@Handler
		void audit(String text, Context context) {
			context.sendEgress(FirstRelease.EGRESS, text);
		}

	}

	@MessageType("upgrade/order")
	record Order(String id, int amount, Optional<String> note) {

	}

}
