package dev.statefun.netty;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * Thrown if the server can't listen on its address, such as one whose port is in use.
 *
 * @since 0.1.0
 */
public final class BindFailedException extends RuntimeException {

	private final InetSocketAddress address;

	BindFailedException(InetSocketAddress address, Throwable cause) {
		super("The endpoint can't listen on " + address + ": " + cause.getMessage(), cause);
		this.address = Objects.requireNonNull(address, "'address' must not be null");
	}

	/**
	 * Return the address.
	 * @return the address that is not available
	 */
	public InetSocketAddress address() {
		return this.address;
	}

}
