package dev.statefun.endpoint.traffic;

/**
 * Thrown if a request was rejected before any of it was handled; the cluster will send it
 * again.
 *
 * @since 0.1.0
 */
public final class NotAdmittedException extends RuntimeException {

	private final Rejection reason;

	/**
	 * Create an exception.
	 * @param reason reason of the rejection
	 * @param message the reason with its circumstances
	 */
	public NotAdmittedException(Rejection reason, String message) {
		super(message);
		this.reason = reason;
	}

	/**
	 * Return the reason of the rejection.
	 * @return the reason
	 */
	public Rejection reason() {
		return this.reason;
	}

}
