package dev.statefun.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.statefun.local.Effects;
import dev.statefun.local.LocalRuntimeException;
import dev.statefun.local.LocalRuntimeListener;
import dev.statefun.local.RequestFailedException;
import dev.statefun.sdk.Address;

/**
 * Records the replies and failures of a runtime. Called by other threads, which have
 * ended before it is read.
 */
final class Recorder implements LocalRuntimeListener {

	private final List<Effects> replies = new ArrayList<>();

	private final List<String> failures = new ArrayList<>();

	/** The last failure of each request that will be retried. */
	private final Map<Address, RequestFailedException> failing = new HashMap<>();

	/** Failures that were thrown to the test. */
	private final Set<RequestFailedException> thrown = new HashSet<>();

	@Override
	public void replied(Effects effects) {
		this.replies.add(effects);
		this.failing.remove(effects.self());
	}

	@Override
	public void requestFailed(Address self, RequestFailedException failure, Duration retryIn) {
		this.failing.put(self, failure);
		this.failures.add("(" + failure.getMessage() + "; it is sent again in " + retryIn.toMillis() + " ms)");
	}

	@Override
	public void jobFailed(Address self, LocalRuntimeException failure, Duration restartIn) {
		this.failures.add("(" + failure.getMessage() + "; it restarts in " + restartIn.toMillis() + " ms)");
	}

	void startOver() {
		this.replies.clear();
		this.failures.clear();
	}

	void thrown(RequestFailedException failure) {
		this.thrown.add(failure);
		for (Throwable another : failure.getSuppressed()) {
			if (another instanceof RequestFailedException failed) {
				this.thrown.add(failed);
			}
		}
	}

	// An injected failure is expected; another message queues like the first one
	void requireNotFailed(Address target) {
		RequestFailedException failure = this.failing.get(target);
		if (failure != null && this.thrown.contains(failure)) {
			throw new IllegalStateException("Nothing was sent to '" + target
					+ "': it gets no other message before the one that failed. Let time pass with 'advance', so that "
					+ "it is sent again, or start anew with 'reset'. " + failure.getMessage(), failure);
		}
	}

	void forgetFailures() {
		this.failing.clear();
		this.thrown.clear();
	}

	List<Effects> replies() {
		return List.copyOf(this.replies);
	}

	List<String> failures() {
		return List.copyOf(this.failures);
	}

}
