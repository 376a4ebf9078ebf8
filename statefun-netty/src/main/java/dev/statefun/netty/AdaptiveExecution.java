package dev.statefun.netty;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

import dev.statefun.endpoint.failure.RateLimitedLog;
import dev.statefun.netty.LoopWatchdog.WatchedLoop;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.handler.TargetLookup;
import io.netty.channel.EventLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Runs batches of quick functions on the event loop, and others on other threads. Knows
 * the pace of given functions only, so that names in requests take no memory.
 */
final class AdaptiveExecution implements BatchExecution {

	private static final Log logger = LogFactory.getLog(AdaptiveExecution.class);

	private final TargetLookup<FunctionPace> paces;

	private final BatchExecution others;

	private final BlockListener listener;

	private final LongSupplier nanoTime;

	private final LoopWatchdog watchdog;

	private final RateLimitedLog<String> lines = new RateLimitedLog<>(InstantSource.system(), "other functions");

	/**
	 * Create an execution.
	 * @param functions functions that may run on event loops
	 * @param others threads for all others
	 * @param listener receives functions that block
	 * @param nanoTime the time
	 */
	AdaptiveExecution(Collection<FunctionType> functions, BatchExecution others, BlockListener listener,
			LongSupplier nanoTime) {
		Objects.requireNonNull(functions, "'functions' must not be null");
		Map<FunctionType, FunctionPace> byType = new HashMap<>();
		functions.forEach((function) -> byType.put(function, new FunctionPace(function)));
		this.paces = new TargetLookup<>(byType);
		this.others = Objects.requireNonNull(others, "'others' must not be null");
		this.listener = Objects.requireNonNull(listener, "'listener' must not be null");
		this.nanoTime = nanoTime;
		this.watchdog = new LoopWatchdog(this::report, nanoTime);
	}

	@Override
	public void run(EndpointBatch batch) {
		FunctionPace pace = this.paces.find(batch.request());
		if (pace == null) {
			this.others.run(batch);
		}
		else if (pace.isQuick()) {
			runOnLoop(batch, pace);
		}
		else {
			this.others.run(new MeasuredBatch(batch, pace));
		}
	}

	private void runOnLoop(EndpointBatch batch, FunctionPace pace) {
		EventLoop loop = batch.eventLoop();
		WatchedLoop watched = this.watchdog.watched(loop);
		if (!loop.inEventLoop() || watched.isBusy()) {
			// The thread on which a wait has ended, possibly amid another batch
			loop.execute(() -> runLater(batch));
			return;
		}
		long start = this.nanoTime.getAsLong();
		this.watchdog.begin(watched, new LoopBatch(batch, pace, Thread.currentThread(), start));
		try {
			batch.run();
		}
		finally {
			watched.end();
			ended(pace, start);
		}
	}

	private void ended(FunctionPace pace, long start) {
		long end = this.nanoTime.getAsLong();
		pace.ended(end - start, end);
	}

	private void runLater(EndpointBatch batch) {
		try {
			run(batch);
		}
		catch (RejectedExecutionException ex) {
			// The caller of the execution can't be asked any more
			batch.run();
		}
	}

	private void report(LoopBatch blocking, long now) {
		FunctionPace pace = blocking.pace();
		Duration ban = pace.blocked(now);
		Duration time = Duration.ofNanos(now - blocking.since());
		int neighbors = blocking.batch().countNeighbors();
		this.lines.log(pace.function().toString(),
				(suppressed) -> logger.warn(RateLimitedLog.withSuppressed("Function '" + pace.function()
						+ "' has occupied an event loop for " + time.toMillis() + " ms so far, and requests on "
						+ neighbors + " other connections wait for it. Its next batches, for " + ban.toSeconds()
						+ " s at least, run on other threads. If it blocks, such as in calls of other services, set "
						+ "'statefun.server.execution="
						+ (BatchExecution.hasVirtualThreads() ? "virtual-threads" : "pool")
						+ "', or return a CompletionStage instead of waiting", suppressed)));
		this.listener.blocked(pace.function(), time, neighbors);
	}

	@Override
	public void close() {
		this.watchdog.close();
		this.others.close();
	}

	/**
	 * Batch on another thread, which is measured.
	 */
	private final class MeasuredBatch implements EndpointBatch {

		private final EndpointBatch batch;

		private final FunctionPace pace;

		private MeasuredBatch(EndpointBatch batch, FunctionPace pace) {
			this.batch = batch;
			this.pace = pace;
		}

		@Override
		public void run() {
			long start = AdaptiveExecution.this.nanoTime.getAsLong();
			try {
				this.batch.run();
			}
			finally {
				ended(this.pace, start);
			}
		}

		@Override
		public byte[] request() {
			return this.batch.request();
		}

		@Override
		public EventLoop eventLoop() {
			return this.batch.eventLoop();
		}

		@Override
		public int countNeighbors() {
			return this.batch.countNeighbors();
		}

	}

}
