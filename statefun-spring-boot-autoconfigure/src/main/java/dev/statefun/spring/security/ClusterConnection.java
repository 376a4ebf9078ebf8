package dev.statefun.spring.security;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Connection of a request, regardless of its headers. Set by code that is specific to the
 * server, before the application's filters run.
 *
 * @param peerAddress address at the other end of the socket, in numbers
 * @param ownPort whether it is the port that serves only the endpoint
 * @since 0.1.0
 */
public record ClusterConnection(String peerAddress, boolean ownPort) {

	private static final String ATTRIBUTE = ClusterConnection.class.getName();

	/**
	 * Make this the connection of a request.
	 * @param request the request, before it is passed to any filter
	 */
	public void bindTo(ServletRequest request) {
		request.setAttribute(ATTRIBUTE, this);
	}

	/**
	 * Return the connection of a request. If it has not been set, it is another port, and
	 * the address is the one that the container reports.
	 * @param request the request, as it came from the container
	 * @return its connection
	 */
	public static ClusterConnection of(HttpServletRequest request) {
		return (request.getAttribute(ATTRIBUTE) instanceof ClusterConnection connection) ? connection
				: new ClusterConnection(String.valueOf(request.getRemoteAddr()), false);
	}

}
