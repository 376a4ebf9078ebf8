package dev.statefun.netty;

import java.util.Collection;
import java.util.concurrent.RejectedExecutionException;

import dev.statefun.sdk.FunctionType;
import io.netty.channel.EventLoop;

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
	 * @param batch the batch
	 * @throws RejectedExecutionException if the batch will not run
	 */
	void run(EndpointBatch batch);

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
		return handOff(ThreadedExecution.DEFAULT_SIZE);
	}

	/**
	 * Return the threads that suit functions which may block, as {@link #handOff()} does.
	 * @param poolSize maximum number of threads before Java 21, at least 1
	 * @return new threads
	 */
	static BatchExecution handOff(int poolSize) {
		return hasVirtualThreads() ? virtualThreads() : pool(poolSize);
	}

	/**
	 * Return whether {@link #virtualThreads()} are available.
	 * @return whether this is Java 21 or newer
	 */
	static boolean hasVirtualThreads() {
		return ThreadedExecution.hasVirtualThreads();
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
		return (batch) -> {
			EventLoop loop = batch.eventLoop();
			if (loop.inEventLoop()) {
				batch.run();
			}
			else {
				loop.execute(batch);
			}
		};
	}

	/**
	 * Run batches of functions that have proved quick on the event loop, and all others
	 * on other threads. A function is quick after 100 consecutive batches of less than 1
	 * ms each, until more than one of 25 takes longer. One that has occupied an event
	 * loop for 5 ms and waits, or has computed for 10 ms, is handed off by all loops from
	 * that moment on, for 10 s at least, and for twice as long each time it happens
	 * again, up to 10 minutes. One line per function and minute is logged about that.
	 * @param functions the functions that may run on the event loop
	 * @param others threads for all other batches; closed with this execution
	 * @param listener receives functions that block
	 * @return the event loop and these threads
	 */
	static BatchExecution adaptive(Collection<FunctionType> functions, BatchExecution others, BlockListener listener) {
		return new AdaptiveExecution(functions, others, listener, System::nanoTime);
	}

}
