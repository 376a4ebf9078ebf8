package dev.statefun.console.record;

import java.time.InstantSource;

import dev.statefun.console.record.FailureRecord.Failed;
import dev.statefun.console.record.FailureRecord.Kind;
import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchReport;

/**
 * Keeps failed messages, whether or not messages are recorded. Thread-safe.
 *
 * @since 0.1.0
 */
public final class FailureRecorder implements BatchListener {

	private final FailureLog failures;

	private final Recording recording;

	private final InstantSource clock;

	/**
	 * Create a recorder.
	 * @param failures takes the failures
	 * @param recording knows the ids of messages, while it is on
	 * @param clock provides times
	 */
	public FailureRecorder(FailureLog failures, Recording recording, InstantSource clock) {
		this.failures = failures;
		this.recording = recording;
		this.clock = clock;
	}

	@Override
	public void batchEnded(BatchReport report) {
	}

	@Override
	public void invocationFailed(FailedInvocation failed, FailureAction action) {
		boolean deadLetter = action instanceof FailureAction.DeadLetterTo;
		boolean retry = action == FailureAction.retry();
		Failed message = new Failed(this.recording.findInFlight(failed.self(), failed.message()), failed.message(),
				failed.headers(), failed.caller().orElse(null));
		this.failures.add(deadLetter ? Kind.DEAD_LETTER : Kind.FAILURE, this.clock.instant(), failed.self(), message,
				FailureDetail.of(failed.cause(), deadLetter ? "dead-letter" : retry ? "retry" : "skip"), retry);
	}

}
