package dev.statefun.spring.observation;

import java.util.Locale;

import dev.statefun.spring.observation.StatefunObservationDocumentation.ClientRequestIdentityKeyNames;
import dev.statefun.spring.observation.StatefunObservationDocumentation.ClientRequestKeyNames;
import io.micrometer.common.KeyValues;

/**
 * Default convention: {@code statefun.client.requests}, by function, kind and outcome;
 * only spans have ids.
 *
 * @since 0.1.0
 */
public class DefaultClientRequestObservationConvention implements ClientRequestObservationConvention {

	/**
	 * Create the convention.
	 */
	public DefaultClientRequestObservationConvention() {
	}

	@Override
	public String getName() {
		return "statefun.client.requests";
	}

	@Override
	public String getContextualName(ClientRequestObservationContext context) {
		return kind(context) + " " + context.target().type();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(ClientRequestObservationContext context) {
		String outcome = context.outcome();
		return KeyValues.of(ClientRequestKeyNames.FUNCTION.withValue(context.target().type().toString()),
				ClientRequestKeyNames.KIND.withValue(kind(context)),
				ClientRequestKeyNames.OUTCOME.withValue((outcome != null) ? outcome : "unknown"));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(ClientRequestObservationContext context) {
		return KeyValues.of(ClientRequestIdentityKeyNames.ID.withValue(context.target().id()));
	}

	private static String kind(ClientRequestObservationContext context) {
		return context.kind().name().toLowerCase(Locale.ROOT);
	}

}
