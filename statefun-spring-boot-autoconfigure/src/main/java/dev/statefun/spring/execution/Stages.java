package dev.statefun.spring.execution;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.statefun.sdk.failure.ExceptionWrappers;
import org.jspecify.annotations.Nullable;

/**
 * Passes on the results of handlers.
 */
final class Stages {

	private Stages() {
	}

	// A value, or the result of a stage
	static void forward(@Nullable Object result, CompletableFuture<@Nullable Object> outcome) {
		if (!(result instanceof CompletionStage<?> stage)) {
			outcome.complete(result);
			return;
		}
		try {
			// Unlike whenComplete(), it does not read the exception's text
			stage.handle((value, ex) -> (ex != null) ? outcome.completeExceptionally(ExceptionWrappers.unwrap(ex))
					: outcome.complete(value));
		}
		catch (Throwable ex) {
			outcome.completeExceptionally(ex);
		}
	}

	// A stopping application accepts nothing more. That is not the message's fault: as
	// an interruption it fails the batch under any failure policy
	static InterruptedException refused(Throwable cause) {
		InterruptedException refused = new InterruptedException(
				"no thread took the message; does the application stop?");
		refused.initCause(cause);
		return refused;
	}

}
