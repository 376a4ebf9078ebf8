package dev.statefun.spring.traffic;

/**
 * A request was not taken, and nothing of it was done; the cluster will send it again.
 *
 * @since 0.1.0
 */
public final class NotAdmittedException extends RuntimeException {

	private final Rejection reason;

	/**
	 * Create an exception.
	 * @param reason why the request was not taken
	 * @param message the same with its circumstances
	 */
	public NotAdmittedException(Rejection reason, String message) {
		super(message);
		this.reason = reason;
	}

	/**
	 * Return why the request was not taken.
	 * @return the reason
	 */
	public Rejection reason() {
		return this.reason;
	}

}
