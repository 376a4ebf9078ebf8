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
import io.micrometer.observation.ObservationView;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Observes single messages, including retries within the batch, until the handler's stage
 * completes. This costs about as much as handling the message, so it is intended for
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

	private final @Nullable MessageTraces traces;

	private final Map<FunctionType, Set<String>> types = new HashMap<>();

	/**
	 * Create the interceptor.
	 * @param registry registry of the observations
	 * @param convention convention for their names, or {@code null} for the default
	 * @param functions functions that are served, with the types of their messages
	 * @param traces writes the context of a trace into messages, or {@code null}
	 */
	public InvocationObservations(ObservationRegistry registry, @Nullable InvocationObservationConvention convention,
			StatefulFunctions functions, @Nullable MessageTraces traces) {
		Assert.notNull(registry, "'registry' must not be null");
		Assert.notNull(functions, "'functions' must not be null");
		this.registry = registry;
		this.convention = convention;
		this.traces = traces;
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
		BatchObservationContext batch = batchOf(observation);
		setMessage(batch, observation);
		Object result;
		try {
			result = proceed(invocation, observation);
		}
		catch (Throwable ex) {
			setMessage(batch, null);
			end(observation, ex);
			throw ex;
		}
		if (result instanceof CompletionStage<?> stage) {
			return ended(stage, observation, batch);
		}
		setMessage(batch, null);
		observation.stop();
		return result;
	}

	private static @Nullable BatchObservationContext batchOf(Observation observation) {
		ObservationView parent = observation.getContextView().getParentObservation();
		return (parent != null && parent.getContextView() instanceof BatchObservationContext batch) ? batch : null;
	}

	private static void setMessage(@Nullable BatchObservationContext batch, @Nullable Observation message) {
		if (batch != null) {
			batch.message(message);
		}
	}

	private @Nullable Object proceed(Invocation invocation, Observation observation) throws Throwable {
		Observation.Scope scope = observation.openScope();
		try {
			if (this.traces != null) {
				invocation.injectHeaders(this.traces.injectorOf(observation, invocation.context().headers()));
			}
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
		return new InvocationObservationContext(context, callerOf(context), known ? type : "other");
	}

	// A caller without a valid address is no reason to fail a message
	private static Optional<Address> callerOf(Context context) {
		try {
			return context.caller();
		}
		catch (IllegalStateException ex) {
			return Optional.empty();
		}
	}

	// Unlike that of whenComplete(), this stage completes whatever the exception does
	private static CompletionStage<@Nullable Object> ended(CompletionStage<?> stage, Observation observation,
			@Nullable BatchObservationContext batch) {
		CompletableFuture<@Nullable Object> outcome = new CompletableFuture<>();
		stage.handle((value, ex) -> {
			setMessage(batch, null);
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

	// An observation handler may read a text that the exception fails to provide
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
