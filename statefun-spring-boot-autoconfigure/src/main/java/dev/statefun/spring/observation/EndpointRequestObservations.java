package dev.statefun.spring.observation;

import dev.statefun.netty.EndpointPath;
import dev.statefun.netty.RequestHead;
import dev.statefun.netty.RequestListener;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Observes HTTP requests that Netty serves, as Spring MVC does on a servlet container:
 * from the head of the request to the end of its answer. It is the current observation of
 * the thread that runs the batch, and where a failure is logged.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class EndpointRequestObservations implements RequestListener {

	private final ObservationRegistry registry;

	private final @Nullable EndpointRequestObservationConvention convention;

	private final EndpointRequestObservationConvention defaultConvention;

	private final EndpointPath endpoint;

	/**
	 * Create the observer.
	 * @param registry registry of the observations
	 * @param convention convention for their names, or {@code null} for the default
	 * @param name name of the observations in the default convention
	 * @param endpoint path of the endpoint
	 */
	public EndpointRequestObservations(ObservationRegistry registry,
			@Nullable EndpointRequestObservationConvention convention, String name, EndpointPath endpoint) {
		Assert.notNull(registry, "'registry' must not be null");
		Assert.notNull(endpoint, "'endpoint' must not be null");
		this.registry = registry;
		this.convention = convention;
		this.defaultConvention = new DefaultEndpointRequestObservationConvention(name);
		this.endpoint = endpoint;
	}

	@Override
	public ReceivedRequest received(RequestHead head, String peerAddress) {
		if (this.registry.isNoop()) {
			return ReceivedRequest.UNOBSERVED;
		}
		EndpointRequestObservationContext context = new EndpointRequestObservationContext(head, this.endpoint);
		Observation observation = StatefunObservationDocumentation.ENDPOINT_REQUEST.observation(this.convention,
				this.defaultConvention, () -> context, this.registry);
		return observation.isNoop() ? ReceivedRequest.UNOBSERVED : new Observed(observation.start(), context);
	}

	private record Observed(Observation observation,
			EndpointRequestObservationContext context) implements ReceivedRequest {

		@Override
		public ThreadScope enter() {
			return this.observation.openScope()::close;
		}

		@Override
		public void ended(int status, long bytes, @Nullable Throwable failure) {
			this.context.status(status);
			try {
				if (failure != null) {
					this.observation.error(failure);
				}
			}
			finally {
				this.observation.stop();
			}
		}

	}

}
