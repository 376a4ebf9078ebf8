package dev.statefun.sdk.message;

import org.jspecify.annotations.Nullable;

/**
 * Makes codecs for the Java types it knows. Factories are asked in the order of their
 * registration, before the built-in types; the first that answers wins. A factory is
 * asked once for each type, by any thread, and must be thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MessageCodecFactory {

	/**
	 * Make a codec.
	 * @param <T> the Java type
	 * @param type the Java type of a message or a state
	 * @return its codec, or {@code null} if this factory does not take the type
	 */
	<T> @Nullable MessageCodec<T> codecFor(Class<T> type);

}
