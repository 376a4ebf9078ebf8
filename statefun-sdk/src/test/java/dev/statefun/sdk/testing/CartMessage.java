package dev.statefun.sdk.testing;

import java.nio.charset.StandardCharsets;

import dev.statefun.sdk.message.MessageCodec;

/**
 * Messages to a cart, a sealed type without a name of its own.
 */
public sealed interface CartMessage {

	/**
	 * Return the codec of one of the messages.
	 * @return the codec
	 */
	static MessageCodec<AddItem> addItems() {
		return MessageCodec.of(AddItem.class, "shop/AddItem", (item) -> item.sku().getBytes(StandardCharsets.UTF_8),
				(bytes) -> new AddItem(new String(bytes, StandardCharsets.UTF_8)));
	}

	/**
	 * Return the codec of one of the messages.
	 * @return the codec
	 */
	static MessageCodec<Clear> clears() {
		return MessageCodec.of(Clear.class, "shop/Clear", (clear) -> new byte[0], (bytes) -> new Clear());
	}

	/**
	 * Adds an item.
	 *
	 * @param sku the item
	 */
	record AddItem(String sku) implements CartMessage {

	}

	/**
	 * Messages that remove something.
	 */
	sealed interface Removal extends CartMessage {

	}

	/**
	 * Removes all items.
	 */
	record Clear() implements Removal {

	}

}
