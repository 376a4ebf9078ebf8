package dev.statefun.benchmarks.workload;

import dev.statefun.sdk.message.MessageType;

/**
 * A message as JSON.
 *
 * @param sku article
 * @param quantity number of articles
 * @param note further text
 */
@MessageType(Order.TYPENAME)
public record Order(String sku, int quantity, String note) {

	static final String TYPENAME = "bench/Order";

}
