package dev.statefun.spring.web;

import org.apache.coyote.http11.Http11NioProtocol;

/**
 * Tomcat's protocol for a server that stops without being noticed. Tomcat itself answers
 * a request with 400 if it pauses just while that is being read, and a 400 fails the
 * whole job of some clusters (protocol.md §6.1). Here such a request is handled, and its
 * connection closed after it.
 *
 * @since 0.1.0
 */
public final class DrainingHttp11Protocol extends Http11NioProtocol {

	/**
	 * Create the protocol, as Tomcat does by the name of this class.
	 */
	public DrainingHttp11Protocol() {
	}

	// Asked only for what to do about requests on connections that are open. Whether to
	// accept others is decided elsewhere
	@Override
	public boolean isPaused() {
		return false;
	}

	@Override
	public int getMaxKeepAliveRequests() {
		return super.isPaused() ? 1 : super.getMaxKeepAliveRequests();
	}

}
