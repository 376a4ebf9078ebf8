package dev.statefun.spring.observation;

import java.util.Optional;

import dev.statefun.sdk.Address;
import io.micrometer.observation.Observation;

/**
 * Observation context of a message.
 *
 * @since 0.1.0
 */
public class InvocationObservationContext extends Observation.Context {

	private final Address self;

	private final Optional<Address> caller;

	private final String type;

	/**
	 * Create a context.
	 * @param self the function instance
	 * @param caller the caller, empty for messages of an ingress
	 * @param type type of the message, if a handler takes it; or {@code other}
	 */
	public InvocationObservationContext(Address self, Optional<Address> caller, String type) {
		this.self = self;
		this.caller = caller;
		this.type = type;
	}

	/**
	 * Return the function instance.
	 * @return its address
	 */
	public Address self() {
		return this.self;
	}

	/**
	 * Return the caller.
	 * @return its address, empty for messages of an ingress
	 */
	public Optional<Address> caller() {
		return this.caller;
	}

	/**
	 * Return the type of the message.
	 * @return the type, if a handler takes it; or {@code other}
	 */
	public String type() {
		return this.type;
	}

}
