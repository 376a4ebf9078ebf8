package dev.statefun.spring.observation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.failure.CauseChain;
import dev.statefun.sdk.failure.ExceptionWrappers;
import dev.statefun.sdk.handler.Invocation;
import dev.statefun.sdk.handler.InvocationInterceptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Observes single messages, retries within the batch included, until the handler's stage
 * is done. That costs each message about as much as handling it, so it is meant for
 * tracing.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class InvocationObservations implements InvocationInterceptor {

	private static final InvocationObservationConvention DEFAULT = new DefaultInvocationObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable InvocationObservationConvention convention;

	private final Map<FunctionType, Set<String>> types = new HashMap<>();

	/**
	 * Create the interceptor.
	 * @param registry where messages are observed
	 * @param convention how they are named, or {@code null} for the default
	 * @param functions the functions that are served, which know the types of messages
	 */
	public InvocationObservations(ObservationRegistry registry, @Nullable InvocationObservationConvention convention,
			StatefulFunctions functions) {
		Assert.notNull(registry, "'registry' must not be null");
		Assert.notNull(functions, "'functions' must not be null");
		this.registry = registry;
		this.convention = convention;
		functions.functions().forEach((function) -> {
			Set<String> types = new HashSet<>();
			function.handlers().forEach((handler) -> types.add(handler.typename()));
			this.types.put(function.type(), Set.copyOf(types));
		});
	}

	@Override
	public @Nullable Object intercept(Invocation invocation) throws Throwable {
		Observation observation = StatefunObservationDocumentation.INVOCATION
			.observation(this.convention, DEFAULT, () -> context(invocation), this.registry)
			.start();
		Object result;
		try {
			result = proceed(invocation, observation);
		}
		catch (Throwable ex) {
			end(observation, ex);
			throw ex;
		}
		if (result instanceof CompletionStage<?> stage) {
			return ended(stage, observation);
		}
		observation.stop();
		return result;
	}

	private static @Nullable Object proceed(Invocation invocation, Observation observation) throws Throwable {
		Observation.Scope scope = observation.openScope();
		try {
			return invocation.proceed();
		}
		finally {
			scope.close();
		}
	}

	private InvocationObservationContext context(Invocation invocation) {
		Context context = invocation.context();
		String type = invocation.message().getTypeUrl();
		boolean known = this.types.getOrDefault(context.self().type(), Set.of()).contains(type);
		return new InvocationObservationContext(context.self(), callerOf(context), known ? type : "other");
	}

	// A caller that can't be sent to is not worth a failed message
	private static Optional<Address> callerOf(Context context) {
		try {
			return context.caller();
		}
		catch (IllegalStateException ex) {
			return Optional.empty();
		}
	}

	// Unlike that of whenComplete(), this stage completes whatever the exception says
	private static CompletionStage<@Nullable Object> ended(CompletionStage<?> stage, Observation observation) {
		CompletableFuture<@Nullable Object> outcome = new CompletableFuture<>();
		stage.handle((value, ex) -> {
			try {
				end(observation, ex);
			}
			catch (Throwable thrown) {
				return outcome.completeExceptionally(thrown);
			}
			return (ex != null) ? outcome.completeExceptionally(ex) : outcome.complete(value);
		});
		return outcome;
	}

	// A handler of observations may ask the exception for a text that it does not have
	private static void end(Observation observation, @Nullable Throwable failure) {
		if (failure != null) {
			try {
				observation.error(ExceptionWrappers.unwrap(failure));
			}
			catch (Throwable ex) {
				CauseChain.suppress(failure, ex);
			}
		}
		observation.stop();
	}

}
