package dev.statefun.spring.observation;

import java.util.Map;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.client.RequestObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Observes requests to functions that are made outside of the cluster, from the call to
 * the reply. A trace goes on in the headers of the message.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class ClientRequestObservations implements RequestObserver {

	private static final ClientRequestObservationConvention DEFAULT = new DefaultClientRequestObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable ClientRequestObservationConvention convention;

	/**
	 * Create the observer.
	 * @param registry registry of the observations
	 * @param convention convention for their names, or {@code null} for the default
	 */
	public ClientRequestObservations(ObservationRegistry registry,
			@Nullable ClientRequestObservationConvention convention) {
		Assert.notNull(registry, "'registry' must not be null");
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public ObservedRequest begin(Address target, GatewayRequest.Kind kind) {
		ClientRequestObservationContext context = new ClientRequestObservationContext(target, kind);
		Observation observation = StatefunObservationDocumentation.CLIENT_REQUEST
			.observation(this.convention, DEFAULT, () -> context, this.registry)
			.start();
		return new Observed(observation, context);
	}

	/**
	 * A request that is observed.
	 */
	private record Observed(Observation observation,
			ClientRequestObservationContext context) implements ObservedRequest {

		@Override
		public Headers headers(Headers headers) {
			Headers extended = headers;
			Map<String, String> fields = this.context.getCarrier();
			if (fields != null) {
				for (Map.Entry<String, String> field : fields.entrySet()) {
					extended = with(extended, field);
				}
			}
			return extended;
		}

		// A trace is no reason to fail a request
		private static Headers with(Headers headers, Map.Entry<String, String> field) {
			try {
				return headers.and(field.getKey(), field.getValue());
			}
			catch (IllegalArgumentException ex) {
				return headers;
			}
		}

		@Override
		public void end(String outcome, @Nullable Throwable failure) {
			this.context.outcome(outcome);
			if (failure != null) {
				this.observation.error(failure);
			}
			this.observation.stop();
		}

	}

}
