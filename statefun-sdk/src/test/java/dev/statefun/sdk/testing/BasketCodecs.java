package dev.statefun.sdk.testing;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.message.MessageCodecFactory;
import org.jspecify.annotations.Nullable;

/**
 * Encodes baskets as text.
 */
public final class BasketCodecs implements MessageCodecFactory {

	@Override
	public @Nullable MessageCodec<?> codecFor(Type type) {
		return (type == Basket.class) ? new BasketCodec() : null;
	}

	/**
	 * One codec for all baskets.
	 */
	private static final class BasketCodec implements MessageCodec<Basket> {

		@Override
		public Class<Basket> type() {
			return Basket.class;
		}

		@Override
		public String typename() {
			return "example/basket";
		}

		@Override
		public boolean immutable() {
			return false;
		}

		@Override
		public Basket decode(byte[] buffer, int offset, int length) {
			String text = new String(buffer, offset, length, StandardCharsets.UTF_8);
			return new Basket(new ArrayList<>(List.of(text.split(","))));
		}

		@Override
		public byte[] encode(Basket value) {
			return String.join(",", value.items()).getBytes(StandardCharsets.UTF_8);
		}

	}

}
