package dev.statefun.netty;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs batches on threads of its own.
 */
final class ThreadedExecution implements BatchExecution {

	static final int DEFAULT_SIZE = 200;

	private static final long IDLE_SECONDS = 60;

	private final ExecutorService threads;

	private ThreadedExecution(ExecutorService threads) {
		this.threads = threads;
	}

	static boolean hasVirtualThreads() {
		return Runtime.version().feature() >= 21;
	}

	static ThreadedExecution virtual() {
		if (!hasVirtualThreads()) {
			throw new UnsupportedOperationException(
					"Java " + Runtime.version().feature() + " has no virtual threads; use Java 21 or newer, or a pool");
		}
		try {
			// Compiled for 17
			return new ThreadedExecution(
					(ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null));
		}
		catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException ex) {
			throw new IllegalStateException("Virtual threads can't be created", ex);
		}
	}

	static ThreadedExecution pool(int size) {
		if (size < 1) {
			throw new IllegalArgumentException("'size' is " + size + "; expected at least 1");
		}
		AtomicInteger numbers = new AtomicInteger();
		ThreadPoolExecutor pool = new ThreadPoolExecutor(size, size, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(),
				(batch) -> new Thread(batch, "statefun-batch-" + numbers.incrementAndGet()));
		pool.allowCoreThreadTimeOut(true);
		return new ThreadedExecution(pool);
	}

	@Override
	public void run(EndpointBatch batch) {
		this.threads.execute(batch);
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
	}

}
