package dev.statefun.spring.execution;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.statefun.sdk.BatchTimeoutException;
import dev.statefun.sdk.Invocation;
import dev.statefun.sdk.InvocationInterceptor;
import dev.statefun.spring.execution.Deadlines.Watch;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts a handler that takes too long, and gives up its stage if that is pending.
 * The batch fails and is sent again.
 *
 * @since 0.1.0
 */
public final class InvocationTimeout implements InvocationInterceptor {

	private final Deadlines deadlines;

	private final Duration timeout;

	/**
	 * Create the interceptor.
	 * @param deadlines watches the handlers
	 * @param timeout how long one may take
	 */
	public InvocationTimeout(Deadlines deadlines, Duration timeout) {
		this.deadlines = deadlines;
		this.timeout = timeout;
	}

	@Override
	public @Nullable Object intercept(Invocation invocation) throws Throwable {
		Watch watch = this.deadlines.watch(this.timeout);
		Object result;
		try {
			result = invocation.proceed();
		}
		catch (Throwable ex) {
			throw watch.end() ? tookTooLong(ex) : ex;
		}
		if (result instanceof CompletionStage<?> stage) {
			return bounded(stage, watch);
		}
		if (watch.end()) {
			throw tookTooLong(null);
		}
		return result;
	}

	private CompletableFuture<@Nullable Object> bounded(CompletionStage<?> stage, Watch watch) {
		CompletableFuture<@Nullable Object> bounded = new CompletableFuture<>();
		watch.detach(() -> bounded.completeExceptionally(tookTooLong(null)));
		Stages.forward(stage.whenComplete((value, ex) -> watch.end()), bounded);
		return bounded;
	}

	private BatchTimeoutException tookTooLong(@Nullable Throwable cause) {
		return new BatchTimeoutException(
				"the handler took more than " + this.timeout.toMillis() + " ms ('statefun.invocation-timeout')", cause);
	}

}
