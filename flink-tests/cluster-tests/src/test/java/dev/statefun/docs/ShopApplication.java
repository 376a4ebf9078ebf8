package dev.statefun.docs;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The application that the documentation tests on a cluster.
 */
@SpringBootApplication
class ShopApplication {

	@StatefulFunction("shop/sum")
	static class Sum {

		@Handler
		void add(int amount, @Persisted("sum") PersistedValue<Integer> sum, Context context) {
			int next = sum.get().orElse(0) + amount;
			sum.set(next);
			context.sendEgress("shop/sums", next);
		}

	}

}
