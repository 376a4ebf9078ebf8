package dev.statefun.spring.execution;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.statefun.sdk.BatchTimeoutException;
import dev.statefun.sdk.PendingReply;
import dev.statefun.spring.execution.Deadlines.Watch;

/**
 * Bounds a whole request: the handler that runs when its time is over is interrupted, and
 * a reply that is pending by then is given up. The batch fails and is sent again.
 *
 * @since 0.1.0
 */
public final class BatchTimeout {

	private final Deadlines deadlines;

	private final Duration timeout;

	/**
	 * Create the bound.
	 * @param deadlines watches the requests
	 * @param timeout how long one may take, as long as the handler's own limit
	 */
	public BatchTimeout(Deadlines deadlines, Duration timeout) {
		this.deadlines = deadlines;
		this.timeout = timeout;
	}

	/**
	 * Handle a request within its time.
	 * @param request handles it
	 * @return the reply, pending or not
	 */
	public CompletionStage<byte[]> limit(Supplier<CompletionStage<byte[]>> request) {
		Watch watch = this.deadlines.watch(this.timeout);
		CompletionStage<byte[]> reply;
		try {
			reply = request.get();
		}
		catch (Throwable ex) {
			watch.end();
			throw ex;
		}
		if (reply instanceof PendingReply pending && !pending.isDone()) {
			watch.detach(() -> pending.giveUp(tookTooLong()));
			pending.whenComplete((bytes, ex) -> watch.end());
		}
		else if (watch.end() && !reply.toCompletableFuture().isCompletedExceptionally()) {
			// Whoever took no notice of the interruption has not done what it should
			return CompletableFuture.failedFuture(new BatchTimeoutException(
					"the batch took more than " + this.timeout.toMillis() + " ms ('statefun.batch-timeout')", null));
		}
		return reply;
	}

	private BatchTimeoutException tookTooLong() {
		return new BatchTimeoutException(
				"a stage was still pending after " + this.timeout.toMillis() + " ms ('statefun.batch-timeout')", null);
	}

}
