package dev.statefun.spring.execution;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.statefun.sdk.failure.ExceptionWrappers;
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
		try {
			// Unlike whenComplete(), it does not ask the exception for its text
			stage.handle((value, ex) -> (ex != null) ? outcome.completeExceptionally(ExceptionWrappers.unwrap(ex))
					: outcome.complete(value));
		}
		catch (Throwable ex) {
			outcome.completeExceptionally(ex);
		}
	}

	// An application that stops takes nothing more. That is not the message's fault: as
	// an interruption it fails the batch whatever the failure policy says
	static InterruptedException refused(Throwable cause) {
		InterruptedException refused = new InterruptedException(
				"no thread took the message; does the application stop?");
		refused.initCause(cause);
		return refused;
	}

}
