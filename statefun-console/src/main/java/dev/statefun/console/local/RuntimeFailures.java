package dev.statefun.console.local;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.statefun.console.record.FailureDetail;
import dev.statefun.console.record.FailureLog;
import dev.statefun.console.record.FailureRecord.Kind;
import dev.statefun.local.Effects;
import dev.statefun.local.LocalRuntimeException;
import dev.statefun.local.LocalRuntimeListener;
import dev.statefun.local.RequestFailedException;
import dev.statefun.sdk.Address;

/**
 * Keeps failures of requests and of the job, whether or not messages are recorded.
 *
 * @since 0.1.0
 */
public final class RuntimeFailures implements LocalRuntimeListener {

	private final FailureLog failures;

	private final InstantSource clock;

	/** Instances with a failure that is open. */
	private final Map<Address, Instant> failing = new ConcurrentHashMap<>();

	/**
	 * Create a listener.
	 * @param failures takes the failures
	 * @param clock provides times
	 */
	public RuntimeFailures(FailureLog failures, InstantSource clock) {
		this.failures = failures;
		this.clock = clock;
	}

	@Override
	public void replied(Effects effects) {
		if (!this.failing.isEmpty() && this.failing.remove(effects.self()) != null) {
			this.failures.succeeded(effects.self());
		}
	}

	@Override
	public void requestFailed(Address self, RequestFailedException failure, Duration retryIn) {
		Instant now = this.clock.instant();
		Instant before = this.failing.put(self, now);
		Instant since = (before != null) ? before.plusNanos(1) : Instant.MIN;
		// A failed message has been added already, unless it was no message that failed
		if (!this.failures.retryAt(self, since, now.plus(retryIn))) {
			this.failures.add(Kind.FAILURE, now, self, null, detail(failure), true);
			this.failures.retryAt(self, now, now.plus(retryIn));
		}
	}

	@Override
	public void jobFailed(Address self, LocalRuntimeException failure, Duration restartIn) {
		this.failing.put(self, this.clock.instant());
		this.failures.add(Kind.JOB_FAILURE, this.clock.instant(), self, null, detail(failure), true);
	}

	private static FailureDetail detail(LocalRuntimeException failure) {
		return FailureDetail.of((failure.getCause() != null) ? failure.getCause() : failure, "retry");
	}

}
