package dev.statefun.spring.gateway.client;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.util.CustomizableThreadCreator;

/**
 * Threads of the client side of a gateway. Their number is not limited, as code that
 * depends on a reply may wait for the next one.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class GatewayThreads implements AutoCloseable {

	private static final String PREFIX = "statefun-client-";

	private final ScheduledThreadPoolExecutor timer;

	private final Executor executor;

	private final Runnable end;

	private GatewayThreads(Executor executor, Runnable end) {
		ThreadCreator threads = new ThreadCreator(PREFIX + "timer-");
		this.timer = new ScheduledThreadPoolExecutor(1, threads::createThread);
		this.timer.setRemoveOnCancelPolicy(true);
		this.executor = executor;
		this.end = end;
	}

	/**
	 * Create threads of the platform, which are kept for a minute.
	 * @return the threads
	 */
	public static GatewayThreads platform() {
		ThreadCreator threads = new ThreadCreator(PREFIX);
		ExecutorService executor = Executors.newCachedThreadPool(threads::createThread);
		return new GatewayThreads(executor, executor::shutdown);
	}

	/**
	 * Create virtual threads.
	 * @return the threads
	 */
	public static GatewayThreads virtual() {
		return new GatewayThreads(new VirtualThreadTaskExecutor(PREFIX), () -> {
		});
	}

	// After the end, nothing is left that a reply or a timeout could be for
	void execute(Runnable task) {
		try {
			this.executor.execute(task);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			// Stopped, or no more threads
			task.run();
		}
	}

	@Nullable ScheduledFuture<?> schedule(Runnable task, Duration delay) {
		try {
			return this.timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			task.run();
			return null;
		}
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
		this.end.run();
	}

	/**
	 * Creates daemon threads.
	 */
	private static final class ThreadCreator extends CustomizableThreadCreator {

		private static final long serialVersionUID = 1L;

		ThreadCreator(String prefix) {
			super(prefix);
			setDaemon(true);
		}

	}

}
