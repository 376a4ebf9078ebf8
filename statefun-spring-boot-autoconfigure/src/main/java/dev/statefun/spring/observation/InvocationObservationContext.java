package dev.statefun.spring.observation;

import java.util.Optional;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Headers;
import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

/**
 * Observation context of a message. Its headers may have the context of a trace, and are
 * only read when they are used.
 *
 * @since 0.1.0
 */
public final class InvocationObservationContext extends ReceiverContext<Context> {

	private final Address self;

	private final Optional<Address> caller;

	private final String type;

	/**
	 * Create a context.
	 * @param invocation context of the invocation
	 * @param caller the caller, empty for messages of an ingress
	 * @param type type of the message, if a handler takes it; or {@code other}
	 */
	public InvocationObservationContext(Context invocation, Optional<Address> caller, String type) {
		super((carrier, key) -> valueOf(carrier.headers(), key));
		setCarrier(invocation);
		this.self = invocation.self();
		this.caller = caller;
		this.type = type;
	}

	@Nullable String header(String key) {
		Context invocation = getCarrier();
		return (invocation != null) ? valueOf(invocation.headers(), key) : null;
	}

	// Bytes that are no text are no context of a trace, and no reason to fail a message
	static @Nullable String valueOf(Headers headers, String key) {
		ByteString value = headers.bytes(key).orElse(null);
		return (value != null && value.isValidUtf8()) ? value.toStringUtf8() : null;
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
