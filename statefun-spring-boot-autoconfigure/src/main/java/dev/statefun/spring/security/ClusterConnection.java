package dev.statefun.spring.security;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;

/**
 * What is known of the connection that a request came on, whatever its headers say.
 * Whoever knows the server sets it before the application's filters run.
 *
 * @param peerAddress address at the other end of the socket, in numbers
 * @param ownPort whether it is the port that serves nothing but the endpoint
 * @since 0.1.0
 */
public record ClusterConnection(String peerAddress, boolean ownPort) {

	private static final String ATTRIBUTE = ClusterConnection.class.getName();

	/**
	 * Make this the connection of a request.
	 * @param request the request, before it is given to any filter
	 */
	public void bindTo(ServletRequest request) {
		request.setAttribute(ATTRIBUTE, this);
	}

	/**
	 * Return the connection of a request. If nobody has set it, it is another port, and
	 * the address is the one that the container reports.
	 * @param request the request, as it came from the container
	 * @return its connection
	 */
	static ClusterConnection of(HttpServletRequest request) {
		return (request.getAttribute(ATTRIBUTE) instanceof ClusterConnection connection) ? connection
				: new ClusterConnection(String.valueOf(request.getRemoteAddr()), false);
	}

}
