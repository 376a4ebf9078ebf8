package dev.statefun.spring.traffic;

/**
 * Why a request was turned away before any function was asked for.
 *
 * @since 0.1.0
 */
public enum Rejection {

	/** Too many requests, or too many bytes of theirs, are in flight (429). */
	OVERLOADED,

	/** Another batch for the same function instance still runs (429). */
	BUSY,

	/** The application is about to end (503). */
	DRAINING,

	/** Its body arrived too slowly, or not to its end (500). */
	INCOMPLETE,

	/** Its headers or its size are not what a cluster may send (500). */
	UNEXPECTED,

	/** It was not allowed to come (403 or 404). */
	FORBIDDEN

}
