package dev.statefun.sdk.handler;

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

	private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

	PendingReply() {
	}

	/**
	 * Return what completes when nothing of the batch runs any more: just before the
	 * reply does, or, if the batch was late or the reply was completed or cancelled from
	 * outside, when the handler that ran by then has returned and the stage that was
	 * pending is complete.
	 * @return the stage, which never fails
	 */
	public CompletionStage<@Nullable Void> ended() {
		return this.ended.minimalCompletionStage();
	}

	void end() {
		this.ended.complete(null);
	}

}
