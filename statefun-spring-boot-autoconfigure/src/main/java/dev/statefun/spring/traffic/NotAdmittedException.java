package dev.statefun.spring.traffic;

/**
 * A request was not taken, and nothing of it was done; the cluster will send it again.
 *
 * @since 0.1.0
 */
public final class NotAdmittedException extends RuntimeException {

	private final Reason reason;

	/**
	 * Create an exception.
	 * @param reason why the request was not taken
	 * @param message the same with its circumstances
	 */
	public NotAdmittedException(Reason reason, String message) {
		super(message);
		this.reason = reason;
	}

	/**
	 * Return why the request was not taken.
	 * @return the reason
	 */
	public Reason reason() {
		return this.reason;
	}

	/**
	 * Why a request was not taken.
	 */
	public enum Reason {

		/** Too many requests, or too many bytes of theirs, are in flight. */
		OVERLOADED,

		/** Another batch for the same function instance still runs. */
		BUSY,

		/** The application is about to end. */
		DRAINING

	}

}
