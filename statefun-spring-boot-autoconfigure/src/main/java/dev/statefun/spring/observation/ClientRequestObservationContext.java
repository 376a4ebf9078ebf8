package dev.statefun.spring.observation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import dev.statefun.sdk.Address;
import dev.statefun.spring.gateway.GatewayRequest;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * Observation context of a request to a function, made outside of the cluster. The fields
 * of its trace become headers of the message.
 *
 * @since 0.1.0
 */
public final class ClientRequestObservationContext extends SenderContext<Map<String, String>> {

	private final Address target;

	private final GatewayRequest.Kind kind;

	private volatile @Nullable String outcome;

	/**
	 * Create a context.
	 * @param target the function instance
	 * @param kind kind of the request
	 */
	public ClientRequestObservationContext(Address target, GatewayRequest.Kind kind) {
		super((carrier, key, value) -> Objects.requireNonNull(carrier).put(key, value),
				(kind == GatewayRequest.Kind.SEND) ? Kind.PRODUCER : Kind.CLIENT);
		this.target = target;
		this.kind = kind;
		setCarrier(new LinkedHashMap<>());
	}

	/**
	 * Return the function instance.
	 * @return its address
	 */
	public Address target() {
		return this.target;
	}

	/**
	 * Return the kind of the request.
	 * @return the kind
	 */
	public GatewayRequest.Kind kind() {
		return this.kind;
	}

	/**
	 * Return the outcome of the request.
	 * @return the outcome in lower case with hyphens, or {@code null} as long as it is
	 * not known
	 */
	public @Nullable String outcome() {
		return this.outcome;
	}

	void outcome(String outcome) {
		this.outcome = outcome;
	}

}
