package dev.statefun.spring.boot.autoconfigure.local;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.statefun.local.LocalRuntime;
import dev.statefun.local.playground.Playground;
import dev.statefun.local.playground.PortUnavailableException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.log.LogMessage;

/**
 * Starts the local runtime after everything else, the web server included, and stops it
 * first.
 */
final class LocalRuntimeLifecycle implements SmartLifecycle {

	// After the web server and its graceful shutdown, which are 2048 and 1024 before
	// the last phase
	static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 512;

	private static final Log logger = LogFactory.getLog(LocalRuntimeLifecycle.class);

	private static final Duration GRACE = Duration.ofSeconds(5);

	private final LocalRuntime runtime;

	private final Playground playground;

	private final SnapshotStore snapshots;

	private final StatefunLocalRuntimeProperties properties;

	private @Nullable ScheduledExecutorService writer;

	private volatile boolean running;

	LocalRuntimeLifecycle(LocalRuntime runtime, Playground playground, SnapshotStore snapshots,
			StatefunLocalRuntimeProperties properties) {
		this.runtime = runtime;
		this.playground = playground;
		this.snapshots = snapshots;
		this.properties = properties;
	}

	@Override
	public void start() {
		try {
			this.playground.start();
		}
		catch (PortUnavailableException ex) {
			String property = "statefun.local-runtime." + ex.side() + "-port";
			throw new FailureAnalyzedException(
					"The local runtime can't listen at " + ex.address() + ", which is '" + property + "': "
							+ NestedExceptionUtils.getMostSpecificCause(ex).getMessage() + ".",
					"Stop the process that listens there, or set '" + property
							+ "' to another port (0 takes any that is free).",
					ex);
		}
		this.runtime.start();
		if (this.snapshots.hasFile()) {
			long millis = this.properties.snapshotInterval().toMillis();
			this.writer = Executors.newSingleThreadScheduledExecutor(LocalRuntimeLifecycle::writerThread);
			this.writer.scheduleWithFixedDelay(() -> this.snapshots.write(this.runtime), millis, millis,
					TimeUnit.MILLISECONDS);
		}
		this.running = true;
		String host = this.properties.address().isLoopbackAddress() ? "localhost"
				: this.properties.address().getHostAddress();
		logger.info(LogMessage.format(
				"Local runtime for development, not for production: PUT %s:%d/{namespace}/{name}/{id} sends a message, "
						+ "GET %s:%d/{topic} takes what was sent to an egress; %s",
				host, this.playground.ingressPort(), host, this.playground.egressPort(), this.snapshots));
		if (!this.properties.address().isLoopbackAddress()) {
			logger.warn("The local runtime listens at " + host + " ('statefun.local-runtime.address'): "
					+ "all who reach its ports can send any message and take any payload. "
					+ "Remove the property unless the network is yours alone");
		}
		if (this.properties.egresses().isEmpty()) {
			logger.warn("'statefun.local-runtime.egresses' is not set, so functions may send to any egress. "
					+ "A cluster's job fails at one that its module.yaml does not have");
		}
	}

	private static Thread writerThread(Runnable task) {
		Thread thread = new Thread(task, "statefun-local-snapshot");
		thread.setDaemon(true);
		return thread;
	}

	@Override
	public void stop() {
		this.running = false;
		this.playground.close();
		if (!this.runtime.pause(GRACE)) {
			logger.warn("Some functions did not end within " + GRACE.toMillis()
					+ " ms; their requests are sent again if the states are used again");
		}
		if (this.writer != null) {
			this.writer.shutdown();
			this.writer = null;
		}
		this.snapshots.writeLast(this.runtime);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
