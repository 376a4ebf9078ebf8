package dev.statefun.spring.actuate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.endpoint.traffic.Redeliveries.RunningBatch;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.registry.StatefulFunctions;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.util.Assert;

/**
 * Reports whether functions are served. An application that is shutting down is out of
 * service. Stuck batches are reported without an effect on the status: the cluster sends
 * a message that hangs to the next instance, which would hang, and leave service, as
 * well.
 *
 * @since 0.1.0
 */
public final class StatefunHealthIndicator extends AbstractHealthIndicator {

	private static final int MAX_DETAILS = 10;

	private final StatefulFunctions functions;

	private final Admission admission;

	private final Redeliveries redeliveries;

	private final Duration stuckAfter;

	/**
	 * Create the indicator.
	 * @param functions the functions that are served
	 * @param admission counts requests in flight
	 * @param redeliveries knows the batches that run
	 * @param stuckAfter time after which a running batch counts as stuck
	 */
	public StatefunHealthIndicator(StatefulFunctions functions, Admission admission, Redeliveries redeliveries,
			Duration stuckAfter) {
		super("The health of stateful functions could not be determined");
		Assert.notNull(functions, "'functions' must not be null");
		Assert.notNull(admission, "'admission' must not be null");
		Assert.notNull(redeliveries, "'redeliveries' must not be null");
		Assert.notNull(stuckAfter, "'stuckAfter' must not be null");
		this.functions = functions;
		this.admission = admission;
		this.redeliveries = redeliveries;
		this.stuckAfter = stuckAfter;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		int count = this.functions.functions().size();
		boolean draining = this.admission.isDraining();
		if (draining) {
			builder.outOfService();
		}
		else if (count == 0) {
			builder.unknown();
		}
		else {
			builder.up();
		}
		List<RunningBatch> stuck = new ArrayList<>(this.redeliveries.runningFor(this.stuckAfter));
		stuck.sort(Comparator.comparing(RunningBatch::time).reversed());
		builder.withDetail("functions", count)
			.withDetail("draining", draining)
			.withDetail("requestsInFlight", this.admission.requestsInFlight())
			.withDetail("requestsWaiting", this.admission.requestsWaiting())
			.withDetail("stuckBatches", stuck.size());
		if (!stuck.isEmpty()) {
			builder.withDetail("longestStuck",
					stuck.stream().limit(MAX_DETAILS).map(StatefunHealthIndicator::describe).toList());
		}
	}

	private static Map<String, String> describe(RunningBatch batch) {
		Map<String, String> description = new LinkedHashMap<>();
		Address target = batch.target();
		description.put("function", (target != null) ? target.type().toString() : "unknown");
		description.put("time", batch.time().toString());
		return description;
	}

}
