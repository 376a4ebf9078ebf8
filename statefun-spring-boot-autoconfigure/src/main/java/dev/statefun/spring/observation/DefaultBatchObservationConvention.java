package dev.statefun.spring.observation;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.spring.metrics.TagValues;
import dev.statefun.spring.observation.StatefunObservationDocumentation.BatchIdentityKeyNames;
import dev.statefun.spring.observation.StatefunObservationDocumentation.BatchKeyNames;
import io.micrometer.common.KeyValues;

/**
 * Default convention: {@code statefun.batch}, by function and outcome; only spans have
 * ids.
 *
 * @since 0.1.0
 */
public class DefaultBatchObservationConvention implements BatchObservationConvention {

	private static final String UNKNOWN = "unknown";

	/**
	 * Create the convention.
	 */
	public DefaultBatchObservationConvention() {
	}

	@Override
	public String getName() {
		return "statefun.batch";
	}

	@Override
	public String getContextualName(BatchObservationContext context) {
		return "batch " + function(context);
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(BatchObservationContext context) {
		BatchReport report = context.report();
		String outcome = (report != null) ? TagValues.of(report.outcome()) : UNKNOWN;
		return KeyValues.of(BatchKeyNames.FUNCTION.withValue(function(context)),
				BatchKeyNames.OUTCOME.withValue(outcome));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(BatchObservationContext context) {
		Address self = context.self();
		BatchReport report = context.report();
		return KeyValues.of(BatchIdentityKeyNames.ID.withValue((self != null) ? self.id() : "none"),
				BatchIdentityKeyNames.INVOCATIONS
					.withValue((report != null) ? Integer.toString(report.invocations()) : UNKNOWN));
	}

	private static String function(BatchObservationContext context) {
		FunctionType function = context.function();
		return (function != null) ? function.toString() : UNKNOWN;
	}

}
