package dev.statefun.sdk.handler;

import org.jspecify.annotations.Nullable;

/**
 * Runs around every invocation: around finding the handler, decoding the message and
 * calling the handler. Interceptors are given in their order, the first is the outermost.
 * <p>
 * Implementations are thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface InvocationInterceptor {

	/**
	 * Run around an invocation.
	 * @param invocation the invocation
	 * @return the result: that of {@link Invocation#proceed()}, or another one. Either a
	 * value, which is a reply, {@code null}, or a
	 * {@link java.util.concurrent.CompletionStage} of one, which is what a handler that
	 * has not ended yet returns
	 * @throws Throwable what {@code proceed} threw, or another failure of the message
	 */
	@Nullable Object intercept(Invocation invocation) throws Throwable;

}
