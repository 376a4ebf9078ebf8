package dev.statefun.spring.boot.test.autoconfigure.app;

import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.test.autoconfigure.app.Order.Price;

/**
 * Replies with JSON.
 */
@StatefulFunction("example/order")
public class Ordering {

	@Handler
	Order order(String product) {
		return new Order(new Price(product.length()));
	}

}
