package dev.statefun.benchmarks.workload;

import dev.statefun.sdk.message.MessageType;

/**
 * A state as JSON.
 *
 * @param orders number of orders
 * @param quantity sum of the ordered articles
 */
@MessageType(Total.TYPENAME)
public record Total(int orders, int quantity) {

	static final String TYPENAME = "bench/Total";

	static final Total NOTHING = new Total(0, 0);

	Total plus(Order order) {
		return new Total(this.orders + 1, this.quantity + order.quantity());
	}

}
