package dev.statefun.sdk.handler;

import org.jspecify.annotations.Nullable;

/**
 * Handling of one message, which interceptors may repeat.
 */
interface Attempt {

	// The context of the current attempt; each attempt has its own
	InvocationContext current();

	// Calls the interceptor at a position, or the handler after the last one
	@Nullable Object invoke(int interceptor) throws Throwable;

	// Discards the effects of the message
	void startOver();

}
