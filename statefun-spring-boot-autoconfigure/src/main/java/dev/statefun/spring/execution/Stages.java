package dev.statefun.spring.execution;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Passes on what handlers return.
 */
final class Stages {

	private Stages() {
	}

	// A value, or what a stage of one comes to
	static void forward(@Nullable Object result, CompletableFuture<@Nullable Object> outcome) {
		if (!(result instanceof CompletionStage<?> stage)) {
			outcome.complete(result);
			return;
		}
		stage.whenComplete((value, ex) -> {
			if (ex != null) {
				outcome.completeExceptionally(cause(ex));
			}
			else {
				outcome.complete(value);
			}
		});
	}

	static Throwable cause(Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause() : failure;
	}

}
