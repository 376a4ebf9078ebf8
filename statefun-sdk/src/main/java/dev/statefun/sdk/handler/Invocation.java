package dev.statefun.sdk.handler;

import com.google.protobuf.Any;
import dev.statefun.sdk.Context;
import org.jspecify.annotations.Nullable;

/**
 * Invocation of a handler for one message, as interceptors see it. Not thread-safe; valid
 * as long as its {@link Context}.
 *
 * @since 0.1.0
 */
public interface Invocation {

	/**
	 * Return the context that the handler receives, or received last.
	 * @return the context
	 */
	Context context();

	/**
	 * Return the message.
	 * @return its type name and bytes as received
	 */
	Any message();

	/**
	 * Add headers to all messages and egress records that the invocation sends from now
	 * on, in any attempt. Of injectors that add the same key, the last one counts.
	 * @param injector adds the headers
	 * @throws IllegalStateException if the invocation has ended
	 */
	void injectHeaders(HeaderInjector injector);

	/**
	 * Call the next interceptor or, after the last one, the handler. Another call first
	 * discards the effects of the previous one, and the handler receives a new context.
	 * @return the handler's result: {@code null}, a value to reply, an {@code Optional}
	 * of one, or a {@link java.util.concurrent.CompletionStage}
	 * @throws Throwable if the message failed
	 */
	@Nullable Object proceed() throws Throwable;

}
