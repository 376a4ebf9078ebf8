package dev.statefun.spring.observation;

import dev.statefun.sdk.Address;
import dev.statefun.spring.observation.StatefunObservationDocumentation.InvocationIdentityKeyNames;
import dev.statefun.spring.observation.StatefunObservationDocumentation.InvocationKeyNames;
import io.micrometer.common.KeyValues;

/**
 * Default convention: {@code statefun.invocation}, by function and type of the message;
 * only spans have ids.
 *
 * @since 0.1.0
 */
public class DefaultInvocationObservationConvention implements InvocationObservationConvention {

	/**
	 * Create the convention.
	 */
	public DefaultInvocationObservationConvention() {
	}

	@Override
	public String getName() {
		return "statefun.invocation";
	}

	@Override
	public String getContextualName(InvocationObservationContext context) {
		return "invoke " + context.self().type();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(InvocationObservationContext context) {
		return KeyValues.of(InvocationKeyNames.FUNCTION.withValue(context.self().type().toString()),
				InvocationKeyNames.TYPE.withValue(context.type()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(InvocationObservationContext context) {
		return KeyValues.of(InvocationIdentityKeyNames.ID.withValue(context.self().id()),
				InvocationIdentityKeyNames.CALLER.withValue(context.caller().map(Address::toString).orElse("none")));
	}

}
