package dev.statefun.spring.boot.autoconfigure.endpoint;

/**
 * Values of {@code server.shutdown}. Boot's own type is not on the class path of each
 * application with an endpoint.
 */
enum ShutdownMode {

	/** Batches in flight end first. */
	GRACEFUL,

	/** The server stops at once. */
	IMMEDIATE

}
