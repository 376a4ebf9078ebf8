package dev.statefun.spring.boot.test.autoconfigure.app;

import dev.statefun.sdk.message.MessageType;

/**
 * A message.
 *
 * @param price what it costs
 */
@MessageType("example/Order")
public record Order(Price price) {

	/**
	 * Travels in a form of its own.
	 *
	 * @param cents the price
	 */
	public record Price(long cents) {

	}

}
