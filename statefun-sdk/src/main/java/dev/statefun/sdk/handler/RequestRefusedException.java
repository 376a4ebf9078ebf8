package dev.statefun.sdk.handler;

import dev.statefun.sdk.FunctionType;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a request is refused before any handler ran: its bytes are not a request,
 * its function is not served here, a 2.x cluster did not send a state that the function
 * declares, or states are missing and it is uncertain of which generation the cluster is.
 * Nothing was applied, and the cluster will send the request again.
 *
 * @since 0.1.0
 */
public final class RequestRefusedException extends RuntimeException {

	private final transient @Nullable FunctionType function;

	/**
	 * Create an exception for a request that names no function that is served here.
	 * @param message why the request was refused
	 * @param cause cause, or {@code null}
	 */
	public RequestRefusedException(String message, @Nullable Throwable cause) {
		super(message, cause);
		this.function = null;
	}

	/**
	 * Create an exception for a request to a function that is served here.
	 * @param function type of the function
	 * @param message why the request was refused
	 */
	public RequestRefusedException(FunctionType function, String message) {
		super(message);
		this.function = function;
	}

	/**
	 * Return the function that the request was for.
	 * @return its type, or {@code null} if the request names none that is served here
	 */
	public @Nullable FunctionType function() {
		return this.function;
	}

}
