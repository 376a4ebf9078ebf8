package dev.statefun.spring.boot.test.autoconfigure.app;

import dev.statefun.sdk.message.MessageType;

/**
 * A message.
 *
 * @param price its price
 */
@MessageType("example/Order")
public record Order(Price price) {

	/**
	 * A value with its own JSON form.
	 *
	 * @param cents the price
	 */
	public record Price(long cents) {

	}

}
