package dev.statefun.benchmarks.lean;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Threads that run batches.
 */
public enum Execution {

	/**
	 * On threads made for waiting: virtual threads if available, otherwise a pool of 200.
	 * The default, as functions that block do not affect others.
	 */
	HAND_OFF {

		@Override
		Runner runner() {
			ExecutorService threads = threads();
			return (request, batch) -> threads.execute(batch);
		}

	},

	/**
	 * On the event loop. This is cheapest, but one function that blocks stalls all
	 * connections of its loop.
	 */
	INLINE {

		@Override
		Runner runner() {
			return (request, batch) -> batch.run();
		}

	},

	/**
	 * On the event loop if the function was fast recently, otherwise handed off: see
	 * {@link Paces}.
	 */
	ADAPTIVE {

		@Override
		Runner runner() {
			ExecutorService threads = threads();
			Paces paces = new Paces();
			return (request, batch) -> {
				Paces.Pace pace = paces.of(request);
				if (pace.isQuick()) {
					pace.measure(batch);
				}
				else {
					threads.execute(() -> pace.measure(batch));
				}
			};
		}

	};

	private static final int POOL = 200;

	abstract Runner runner();

	private static ExecutorService threads() {
		return (Runtime.version().feature() >= 21) ? virtualThreads().get() : Executors.newFixedThreadPool(POOL);
	}

	// Compiled for 17, which has none
	private static Supplier<ExecutorService> virtualThreads() {
		return () -> {
			try {
				return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
			}
			catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException ex) {
				throw new IllegalStateException(ex);
			}
		};
	}

	/**
	 * Runs batches.
	 */
	@FunctionalInterface
	interface Runner {

		void run(byte[] request, Runnable batch);

	}

}
