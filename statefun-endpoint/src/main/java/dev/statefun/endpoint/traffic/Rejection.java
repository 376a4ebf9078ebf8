package dev.statefun.endpoint.traffic;

/**
 * Reason for rejecting a request before any function was called.
 *
 * @since 0.1.0
 */
public enum Rejection {

	/** Too many requests, or too many bytes of them, are in flight (429). */
	OVERLOADED,

	/** Another batch for the same function instance still runs (429). */
	BUSY,

	/** The application is shutting down (503). */
	DRAINING,

	/** The body arrived too slowly, or incompletely (500). */
	INCOMPLETE,

	/** The headers or the size are not those of a cluster's request (500). */
	UNEXPECTED,

	/** The request was not allowed (403 or 404). */
	FORBIDDEN

}
