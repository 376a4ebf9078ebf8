package dev.statefun.local;

import java.time.Duration;

import dev.statefun.sdk.Address;

/**
 * Two that are told, one after the other.
 *
 * @param first told first
 * @param second told second
 */
record BothListeners(LocalRuntimeListener first, LocalRuntimeListener second) implements LocalRuntimeListener {

	@Override
	public void replied(Effects effects) {
		this.first.replied(effects);
		this.second.replied(effects);
	}

	@Override
	public void requestFailed(Address self, RequestFailedException failure, Duration retryIn) {
		this.first.requestFailed(self, failure, retryIn);
		this.second.requestFailed(self, failure, retryIn);
	}

	@Override
	public void jobFailed(Address self, LocalRuntimeException failure, Duration restartIn) {
		this.first.jobFailed(self, failure, restartIn);
		this.second.jobFailed(self, failure, restartIn);
	}

}
