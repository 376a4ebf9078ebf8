package dev.statefun.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.handler.InvocationInterceptor;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties.Retry;
import dev.statefun.spring.execution.ConcurrencyLimits;
import dev.statefun.spring.execution.InvocationRetry;
import org.jspecify.annotations.Nullable;

import org.springframework.core.retry.RetryPolicy;

/**
 * Interceptors that the properties ask for. There are none by default, as each has a cost
 * per message.
 *
 * @param outer interceptors around the application's own
 * @param inner interceptors inside the application's own
 */
record ExecutionInterceptors(List<InvocationInterceptor> outer, List<InvocationInterceptor> inner) {

	private static final Retry DEFAULTS = new Retry(0, Duration.ofMillis(50), 2.0, Duration.ofSeconds(1));

	ExecutionInterceptors {
		outer = List.copyOf(outer);
		inner = List.copyOf(inner);
	}

	static ExecutionInterceptors of(StatefunProperties properties, StatefulFunctions functions, Executor executor) {
		// Nothing runs for a message that waits
		List<InvocationInterceptor> outer = new ArrayList<>();
		List<InvocationInterceptor> inner = new ArrayList<>();
		Retry general = properties.failure().retry();
		boolean retries = isRetrying(general);
		Map<FunctionType, RetryPolicy> policies = new HashMap<>();
		Map<FunctionType, Integer> limits = new HashMap<>();
		for (FunctionDescriptor function : functions.functions()) {
			StatefunProperties.Function settings = properties.functions().get(function.type().toString());
			if (settings != null) {
				Retry special = settings.failure().retry();
				retries |= isRetrying(special);
				policies.put(function.type(), policy(special, general));
				Integer limit = settings.maxConcurrency();
				if (limit != null) {
					limits.put(function.type(), limit);
				}
			}
		}
		if (retries) {
			inner.add(new InvocationRetry(policy(general, DEFAULTS), policies, executor));
		}
		if (!limits.isEmpty()) {
			outer.add(new ConcurrencyLimits(limits, executor));
		}
		return new ExecutionInterceptors(outer, inner);
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

}
