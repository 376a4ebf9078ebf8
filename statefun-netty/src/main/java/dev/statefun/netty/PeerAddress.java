package dev.statefun.netty;

import java.net.InetSocketAddress;

import io.netty.channel.Channel;

/**
 * Address at the other end of a connection.
 */
final class PeerAddress {

	private PeerAddress() {
	}

	/**
	 * Return the address.
	 * @param channel the connection
	 * @return the address in numbers; empty if it is not known
	 */
	static String of(Channel channel) {
		return (channel.remoteAddress() instanceof InetSocketAddress peer && peer.getAddress() != null)
				? peer.getAddress().getHostAddress() : "";
	}

}
