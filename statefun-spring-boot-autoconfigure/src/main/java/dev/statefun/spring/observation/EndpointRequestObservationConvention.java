package dev.statefun.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Convention for the names and key values of HTTP requests that Netty serves. A bean of
 * this type replaces the default.
 *
 * @since 0.1.0
 */
public interface EndpointRequestObservationConvention extends ObservationConvention<EndpointRequestObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof EndpointRequestObservationContext;
	}

}
