package dev.statefun.sdk;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Several listeners as one.
 *
 * @param listeners the listeners, told in this order
 */
record BatchListeners(List<BatchListener> listeners) implements BatchListener {

	BatchListeners {
		listeners = List.copyOf(listeners);
	}

	static @Nullable BatchListener of(List<BatchListener> listeners) {
		if (listeners.size() < 2) {
			return listeners.isEmpty() ? null : listeners.get(0);
		}
		return new BatchListeners(listeners);
	}

	@Override
	public void batchEnded(BatchReport report) {
		this.listeners.forEach((listener) -> listener.batchEnded(report));
	}

	@Override
	public void invocationFailed(FailedInvocation failed, FailureAction action) {
		this.listeners.forEach((listener) -> listener.invocationFailed(failed, action));
	}

}
