package dev.statefun.endpoint.access;

/**
 * Reason for refusing a request because of the {@link EndpointRestrictions}.
 *
 * @since 0.1.0
 */
public enum AccessRefusal {

	/** The endpoint is served on a port of its own only. */
	OTHER_PORT(403, "it was sent to the endpoint on another port than 'statefun.server.port'"),

	/** The port of the endpoint serves nothing else. */
	OTHER_PATH(404, "its path is not that of the endpoint on 'statefun.server.port'"),

	/** The address is not allowed. */
	ADDRESS(403, "its address is not in 'statefun.security.allowed-addresses'"),

	/** The request has bypassed the checks. */
	UNCHECKED(403, "it reached the endpoint without the access checks"),

	/** The path has no secret, or another one. */
	SECRET(403, "its path does not contain 'statefun.security.secret'");

	private final int status;

	private final String text;

	AccessRefusal(int status, String text) {
		this.status = status;
		this.text = text;
	}

	/**
	 * Return the status of the answer, which has no body.
	 * @return the HTTP status, 403 or 404
	 */
	public int status() {
		return this.status;
	}

	String text() {
		return this.text;
	}

}
