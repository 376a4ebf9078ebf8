package dev.statefun.spring.boot.autoconfigure.execution;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;

import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.handler.Deadlines;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.RequestReplyHandlerCustomizer;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties.Retry;
import dev.statefun.spring.execution.InvocationRetry;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.Ordered;
import org.springframework.core.retry.RetryPolicy;

/**
 * Applies the time limits and retries that the properties ask for. Retries are inside all
 * interceptors that are beans.
 */
final class ExecutionCustomizer implements RequestReplyHandlerCustomizer, Ordered {

	private static final Retry DEFAULTS = new Retry(0, Duration.ofMillis(50), 2.0, Duration.ofSeconds(1));

	private final StatefunProperties properties;

	private final StatefulFunctions functions;

	private final BatchTimeLimit limit;

	private final Deadlines deadlines;

	private final Executor executor;

	ExecutionCustomizer(StatefunProperties properties, StatefulFunctions functions, BatchTimeLimit limit,
			Deadlines deadlines, Executor executor) {
		this.properties = properties;
		this.functions = functions;
		this.limit = limit;
		this.deadlines = deadlines;
		this.executor = executor;
	}

	@Override
	public void customize(RequestReplyHandler.Builder handler) {
		handler.deadlines(this.deadlines);
		if (!this.limit.forOkHttpTransport().isZero()) {
			handler.batchTimeout(this.limit.forOkHttpTransport());
		}
		Duration invocationTimeout = this.properties.invocationTimeout();
		if (invocationTimeout != null) {
			requireShorter(invocationTimeout, this.limit.longest());
			handler.invocationTimeout(invocationTimeout);
		}
		InvocationRetry retry = retry();
		if (retry != null) {
			handler.interceptor(retry);
		}
	}

	private static void requireShorter(Duration invocationTimeout, Duration batchTimeout) {
		if (!batchTimeout.isZero() && invocationTimeout.compareTo(batchTimeout) >= 0) {
			throw new FailureAnalyzedException(
					"'statefun.invocation-timeout' is " + invocationTimeout
							+ "; expected a time that is shorter than 'statefun.batch-timeout', which is at most "
							+ batchTimeout + ".",
					"Set a shorter 'statefun.invocation-timeout', or a longer 'statefun.batch-timeout'.");
		}
	}

	// None by default, as an interceptor has a cost per message
	private @Nullable InvocationRetry retry() {
		Retry general = this.properties.failure().retry();
		boolean retries = isRetrying(general);
		Map<FunctionType, RetryPolicy> policies = new HashMap<>();
		for (FunctionDescriptor function : this.functions.functions()) {
			StatefunProperties.Function settings = this.properties.functions().get(function.type().toString());
			if (settings != null) {
				Retry special = settings.failure().retry();
				retries |= isRetrying(special);
				policies.put(function.type(), policy(special, general));
			}
		}
		return retries ? new InvocationRetry(policy(general, DEFAULTS), policies, this.executor) : null;
	}

	private static boolean isRetrying(Retry retry) {
		return retry.maxRetries() != null && retry.maxRetries() > 0;
	}

	private static RetryPolicy policy(Retry special, Retry general) {
		return RetryPolicy.builder()
			.maxRetries(firstOf(special, general, Retry::maxRetries))
			.delay(firstOf(special, general, Retry::delay))
			.multiplier(firstOf(special, general, Retry::multiplier))
			.maxDelay(firstOf(special, general, Retry::maxDelay))
			.build();
	}

	private static <T> T firstOf(Retry special, Retry general, Function<Retry, @Nullable T> setting) {
		for (Retry retry : List.of(special, general, DEFAULTS)) {
			T value = setting.apply(retry);
			if (value != null) {
				return value;
			}
		}
		throw new IllegalStateException("A retry has no default");
	}

	// Before the customizers of the application, whose interceptors are inside retries
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
