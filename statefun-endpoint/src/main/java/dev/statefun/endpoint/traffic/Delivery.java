package dev.statefun.endpoint.traffic;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Outcome of delivering a batch.
 *
 * @since 0.1.0
 */
public sealed interface Delivery {

	/**
	 * The batch runs, or is the second delivery of one that runs or whose reply was kept.
	 * Thread-safe.
	 */
	sealed interface Taken extends Delivery permits Redeliveries.Recipient {

		/**
		 * Return the reply, which may be pending.
		 * @return the reply; not to be completed by others
		 */
		CompletableFuture<byte[]> reply();

		/**
		 * Return whether another delivery of the same batch runs and its reply is also
		 * for this one, so that this request is no longer needed.
		 * @return whether this is a second delivery of a batch that runs
		 */
		boolean isJoined();

		/**
		 * Called when the reply has been written, which does not prove that it was
		 * received.
		 */
		void written();

		/**
		 * Called when the reply could not be written completely, or never will be. Has no
		 * effect after {@link #written()}.
		 */
		void notWritten();

	}

	/**
	 * The batch has to wait for another one of the same function instance.
	 *
	 * @param end completes when the other batch has ended; never fails
	 */
	record Waiting(CompletionStage<@Nullable Void> end) implements Delivery {

	}

}
