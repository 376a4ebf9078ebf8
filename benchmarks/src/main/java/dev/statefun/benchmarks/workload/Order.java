package dev.statefun.benchmarks.workload;

import dev.statefun.sdk.message.MessageType;

/**
 * A message as JSON.
 *
 * @param sku what is ordered
 * @param quantity how much of it
 * @param note what else is to be said
 */
@MessageType(Order.TYPENAME)
public record Order(String sku, int quantity, String note) {

	static final String TYPENAME = "bench/Order";

}
