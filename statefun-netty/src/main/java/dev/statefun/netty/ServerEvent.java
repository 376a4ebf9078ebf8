package dev.statefun.netty;

/**
 * Event of the server that each connection receives.
 */
enum ServerEvent {

	/** The server stops: idle connections are closed. */
	STOPPING

}
