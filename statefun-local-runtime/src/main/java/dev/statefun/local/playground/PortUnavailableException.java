package dev.statefun.local.playground;

import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;

/**
 * Thrown when the playground can't listen on one of its ports, most often because another
 * process does.
 *
 * @since 0.1.0
 */
public final class PortUnavailableException extends UncheckedIOException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String side;

	private final InetSocketAddress address;

	PortUnavailableException(String side, InetSocketAddress address, IOException cause) {
		super("The " + side + " of the playground can't listen at " + text(address) + ": " + cause.getMessage()
				+ ". Stop what listens there, or choose another '" + side + "Port' (0 takes any that is free)", cause);
		this.side = side;
		this.address = address;
	}

	private static String text(InetSocketAddress address) {
		return address.getAddress().getHostAddress() + ", port " + address.getPort();
	}

	/**
	 * Return the side of the playground that could not listen.
	 * @return {@code ingress} or {@code egress}
	 */
	public String side() {
		return this.side;
	}

	/**
	 * Return the address that was unavailable.
	 * @return address and port
	 */
	public InetSocketAddress address() {
		return this.address;
	}

}
