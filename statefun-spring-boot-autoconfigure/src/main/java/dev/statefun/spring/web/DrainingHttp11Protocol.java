package dev.statefun.spring.web;

import org.apache.coyote.http11.Http11NioProtocol;

/**
 * Tomcat's protocol for a server that stops without failing requests. Tomcat itself
 * answers a request with 400 if it pauses while the request is being read, and a 400
 * fails the whole job of some clusters (protocol.md §6.1). This protocol handles such a
 * request, and closes its connection afterwards.
 *
 * @since 0.1.0
 */
public final class DrainingHttp11Protocol extends Http11NioProtocol {

	/**
	 * Create the protocol, called by Tomcat by the name of this class.
	 */
	public DrainingHttp11Protocol() {
	}

	// Only used for requests on open connections. Whether new ones are accepted is
	// decided elsewhere
	@Override
	public boolean isPaused() {
		return false;
	}

	@Override
	public int getMaxKeepAliveRequests() {
		return super.isPaused() ? 1 : super.getMaxKeepAliveRequests();
	}

}
