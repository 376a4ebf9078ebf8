package dev.statefun.netty;

import java.time.Duration;
import java.util.Collection;

import dev.statefun.endpoint.BatchHandler;
import dev.statefun.endpoint.BodyLimits;
import dev.statefun.endpoint.Endpoint;
import io.netty.channel.Channel;

/**
 * Endpoint as all connections of a server serve it.
 *
 * @param endpoint the endpoint
 * @param bodies limits of the bodies of requests
 * @param gate decides on requests by their heads
 * @param batches handles batches
 * @param execution runs batches
 * @param listener receives requests
 * @param connections the open connections
 * @param idleTimeout maximum time from one answer to the complete head of the next
 * request
 * @param writeTimeout maximum time for which a client does not read
 */
record ServedEndpoint(Endpoint endpoint, BodyLimits bodies, RequestGate gate, BatchHandler batches,
		BatchExecution execution, RequestListener listener, Collection<Channel> connections, Duration idleTimeout,
		Duration writeTimeout) {

}
