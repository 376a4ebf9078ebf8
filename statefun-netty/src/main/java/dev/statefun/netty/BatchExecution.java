package dev.statefun.netty;

import java.util.concurrent.RejectedExecutionException;

/**
 * Threads that run batches. Thread-safe. Belongs to one server, which closes it when it
 * stops.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BatchExecution extends AutoCloseable {

	/**
	 * Run a batch, on this thread or another one. Called on the event loop of the
	 * connection, or on the thread on which a wait of the request has ended.
	 * @param batch the batch, which does not throw exceptions
	 * @throws RejectedExecutionException if the batch will not run
	 */
	void run(Runnable batch);

	/**
	 * Interrupt the batches that still run, and end the threads.
	 */
	@Override
	default void close() {
	}

	/**
	 * Return the threads that suit functions which may block: virtual threads where Java
	 * has them, from 21 on, otherwise a pool of 200 threads.
	 * @return new threads
	 */
	static BatchExecution handOff() {
		return ThreadedExecution.hasVirtualThreads() ? virtualThreads() : pool(ThreadedExecution.DEFAULT_SIZE);
	}

	/**
	 * Run each batch on a virtual thread of its own.
	 * @return new threads
	 * @throws UnsupportedOperationException before Java 21
	 */
	static BatchExecution virtualThreads() {
		return ThreadedExecution.virtual();
	}

	/**
	 * Run batches on a bounded pool of platform threads. Batches wait for a thread in the
	 * order of their requests; their number is bounded by the limit on requests in
	 * flight.
	 * @param size maximum number of threads, at least 1
	 * @return a new pool, without threads yet
	 */
	static BatchExecution pool(int size) {
		return ThreadedExecution.pool(size);
	}

	/**
	 * Run batches on the event loop. This costs least, but a function that blocks stalls
	 * all connections of its loop.
	 * @return no threads of its own
	 */
	static BatchExecution eventLoop() {
		return Runnable::run;
	}

}
