package dev.statefun.spring.execution;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.failure.ExceptionWrappers;
import dev.statefun.sdk.failure.InvalidMessageException;
import dev.statefun.sdk.failure.MessageDecodingException;
import dev.statefun.sdk.failure.UnhandledMessageException;
import dev.statefun.sdk.failure.UnreadableStateException;
import dev.statefun.sdk.handler.BatchTimeoutException;
import dev.statefun.sdk.handler.Invocation;
import dev.statefun.sdk.handler.InvocationInterceptor;
import org.jspecify.annotations.Nullable;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.backoff.BackOffExecution;

/**
 * Retries a message before its failure counts. The effects of an attempt are undone
 * before the next one. Between attempts the thread of a plain handler sleeps; a stage
 * waits without a thread.
 *
 * @since 0.1.0
 */
public final class InvocationRetry implements InvocationInterceptor {

	private final RetryPolicy general;

	private final Map<FunctionType, RetryPolicy> policies;

	private final Executor executor;

	/**
	 * Create the interceptor.
	 * @param general number of retries and delays
	 * @param policies the same for functions with their own
	 * @param executor calls handlers again whose stage has failed
	 */
	public InvocationRetry(RetryPolicy general, Map<FunctionType, RetryPolicy> policies, Executor executor) {
		this.general = general;
		this.policies = Map.copyOf(policies);
		this.executor = executor;
	}

	@Override
	public @Nullable Object intercept(Invocation invocation) throws Throwable {
		RetryPolicy policy = this.policies.getOrDefault(invocation.context().self().type(), this.general);
		return attempt(invocation, policy.getBackOff().start());
	}

	private @Nullable Object attempt(Invocation invocation, BackOffExecution pauses) throws Throwable {
		while (true) {
			try {
				Object result = invocation.proceed();
				return (result instanceof CompletionStage<?> stage) ? again(stage, invocation, pauses) : result;
			}
			catch (Throwable ex) {
				long pause = pauseAfter(ex, pauses);
				if (pause == BackOffExecution.STOP) {
					throw ex;
				}
				TimeUnit.MILLISECONDS.sleep(pause);
			}
		}
	}

	private CompletionStage<@Nullable Object> again(CompletionStage<?> stage, Invocation invocation,
			BackOffExecution pauses) {
		CompletableFuture<@Nullable Object> outcome = new CompletableFuture<>();
		stage.handle((value, ex) -> {
			if (ex == null) {
				return outcome.complete(value);
			}
			Throwable failure = ExceptionWrappers.unwrap(ex);
			long pause = pauseAfter(failure, pauses);
			if (pause == BackOffExecution.STOP) {
				return outcome.completeExceptionally(failure);
			}
			CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS, Runnable::run)
				.execute(() -> start(outcome, invocation, pauses, failure));
			return false;
		});
		return outcome;
	}

	private void start(CompletableFuture<@Nullable Object> outcome, Invocation invocation, BackOffExecution pauses,
			Throwable failure) {
		try {
			this.executor.execute(() -> attemptInto(outcome, invocation, pauses));
		}
		catch (Throwable ex) {
			InterruptedException refused = Stages.refused(ex);
			refused.addSuppressed(failure);
			outcome.completeExceptionally(refused);
		}
	}

	private void attemptInto(CompletableFuture<@Nullable Object> outcome, Invocation invocation,
			BackOffExecution pauses) {
		try {
			Stages.forward(attempt(invocation, pauses), outcome);
		}
		catch (Throwable ex) {
			outcome.completeExceptionally(ex);
		}
	}

	private static long pauseAfter(Throwable failure, BackOffExecution pauses) {
		return isWorthIt(ExceptionWrappers.unwrap(failure)) ? pauses.nextBackOff() : BackOffExecution.STOP;
	}

	// A failure due to the message, its states or a timeout would repeat
	private static boolean isWorthIt(Throwable failure) {
		return failure instanceof Exception
				&& !(failure instanceof InterruptedException || failure instanceof BatchTimeoutException
						|| failure instanceof UnhandledMessageException || failure instanceof MessageDecodingException
						|| failure instanceof InvalidMessageException)
				&& UnreadableStateException.findIn(failure).isEmpty();
	}

}
