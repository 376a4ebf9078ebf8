package dev.statefun.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * How observations of batches are named and told apart. A bean of this type takes the
 * place of the default.
 *
 * @since 0.1.0
 */
public interface BatchObservationConvention extends ObservationConvention<BatchObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof BatchObservationContext;
	}

}
