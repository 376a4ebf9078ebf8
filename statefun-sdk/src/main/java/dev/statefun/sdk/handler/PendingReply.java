package dev.statefun.sdk.handler;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Reply of a batch that waits for a stage of a handler, as
 * {@link RequestReplyHandler#handle} returns it.
 *
 * @since 0.1.0
 */
public final class PendingReply extends CompletableFuture<byte[]> {

	private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

	PendingReply() {
	}

	/**
	 * Return a stage that completes when no code of the batch runs any more. That is just
	 * before the reply completes, or, if the batch was late or the reply was completed or
	 * cancelled from outside, when the running handler has returned and its stage is
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
