package dev.statefun.netty;

import io.netty.channel.EventLoop;

/**
 * Batch of messages for one function instance, which a {@link BatchExecution} runs once.
 * Does not throw exceptions.
 *
 * @since 0.1.0
 */
public interface EndpointBatch extends Runnable {

	/**
	 * Return the request with the batch, until it runs. Its start names the function, as
	 * {@link dev.statefun.sdk.handler.TargetLookup TargetLookup} finds it.
	 * @return the body of the request, which must not be changed
	 */
	byte[] request();

	/**
	 * Return the event loop of the batch's connection.
	 * @return the event loop
	 */
	EventLoop eventLoop();

	/**
	 * Count the other connections of the event loop, which wait if the batch blocks it.
	 * Inspects all connections of the server.
	 * @return number of connections
	 */
	int countNeighbors();

}
