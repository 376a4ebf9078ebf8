package dev.statefun.sdk;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * A reply that waits for a stage which a handler has returned: what
 * {@link RequestReplyHandler#handle} returns when it is not complete.
 *
 * @since 0.1.0
 */
public final class PendingReply extends CompletableFuture<byte[]> {

	private final Batch batch;

	private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

	PendingReply(Batch batch) {
		this.batch = batch;
	}

	/**
	 * Give the batch up: the reply fails with an {@link InvocationFailedException} that
	 * names the function and the message it was at, a handler that runs on another thread
	 * than the request's is interrupted, and no further message is handled. Nothing
	 * happens if the reply is complete.
	 * @param cause why
	 */
	public void giveUp(BatchTimeoutException cause) {
		Objects.requireNonNull(cause, "'cause' must not be null");
		if (!isDone() && completeExceptionally(this.batch.failed(cause))) {
			this.batch.interrupt();
		}
	}

	/**
	 * Return what completes when nothing of the batch runs any more: just before the
	 * reply does, or, if that was given up, completed or cancelled by somebody else, when
	 * the handler that ran by then has returned and the stage that was pending is
	 * complete.
	 * @return the stage, which never fails
	 */
	public CompletionStage<@Nullable Void> ended() {
		return this.ended.minimalCompletionStage();
	}

	void end() {
		this.ended.complete(null);
	}

}
