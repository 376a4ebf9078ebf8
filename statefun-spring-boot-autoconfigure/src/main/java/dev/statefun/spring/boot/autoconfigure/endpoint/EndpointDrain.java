package dev.statefun.spring.boot.autoconfigure.endpoint;

import dev.statefun.endpoint.traffic.Admission;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.core.log.LogMessage;

/**
 * Internal: may change in any release. Lets the batches in flight end before the server
 * stops, and rejects new ones, so that the cluster sends them elsewhere. Readiness is
 * refused already: the application context publishes that before it stops anything. The
 * time limit is that of any phase, {@code spring.lifecycle.timeout-per-shutdown-phase}.
 *
 * @since 0.1.0
 */
public final class EndpointDrain implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(EndpointDrain.class);

	/** Just before Boot's servers refuse connections for a graceful shutdown. */
	static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1024 + 1;

	private final Admission admission;

	private final ShutdownMode shutdown;

	private volatile boolean running;

	EndpointDrain(Admission admission, ShutdownMode shutdown) {
		this.admission = admission;
		this.shutdown = shutdown;
	}

	@Override
	public void start() {
		this.admission.open();
		this.running = true;
	}

	@Override
	public void stop(Runnable callback) {
		this.running = false;
		if (this.shutdown == ShutdownMode.IMMEDIATE) {
			this.admission.drain();
			callback.run();
			return;
		}
		int batches = this.admission.requestsInFlight();
		if (batches > 0) {
			logger.info(LogMessage.format("Waiting for %s to end before the server stops",
					(batches == 1) ? "1 batch" : batches + " batches"));
		}
		this.admission.drain().whenComplete((nothing, ex) -> callback.run());
	}

	@Override
	public void stop() {
		this.running = false;
		this.admission.drain();
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
