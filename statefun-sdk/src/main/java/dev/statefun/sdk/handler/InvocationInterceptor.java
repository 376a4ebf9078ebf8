package dev.statefun.sdk.handler;

import org.jspecify.annotations.Nullable;

/**
 * Interceptor of invocations, which include finding the handler, decoding the message and
 * calling the handler. The first interceptor is the outermost.
 * <p>
 * Implementations must be thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface InvocationInterceptor {

	/**
	 * Run around an invocation.
	 * @param invocation the invocation
	 * @return the result of {@link Invocation#proceed()}, or another one: a value to
	 * reply, {@code null}, an {@code Optional} of a value, or a
	 * {@link java.util.concurrent.CompletionStage} of any of these, which asynchronous
	 * handlers return
	 * @throws Throwable the failure of {@code proceed}, or another one
	 */
	@Nullable Object intercept(Invocation invocation) throws Throwable;

}
