package dev.statefun.spring.traffic;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a batch that was delivered.
 *
 * @since 0.1.0
 */
public sealed interface Delivery {

	/**
	 * It runs, or is the second delivery of one that runs or ran.
	 *
	 * @param reply the reply, pending or not; not to be completed by others
	 */
	record Taken(CompletableFuture<byte[]> reply) implements Delivery {

	}

	/**
	 * It has to wait, since another batch for the same function instance runs.
	 *
	 * @param end completes when that has ended; never fails
	 */
	record Waiting(CompletionStage<@Nullable Void> end) implements Delivery {

	}

}
