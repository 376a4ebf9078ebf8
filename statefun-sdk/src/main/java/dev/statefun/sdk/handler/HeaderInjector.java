package dev.statefun.sdk.handler;

import java.util.function.BiConsumer;

/**
 * Adds headers to the messages of an invocation, such as the context of a trace.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface HeaderInjector {

	/**
	 * Add headers to a message. Called on the thread that sends it, once for each
	 * message. Must be fast, thread-safe, and not throw.
	 * @param headers receives keys and values, which are written in UTF-8
	 */
	void inject(BiConsumer<String, String> headers);

}
