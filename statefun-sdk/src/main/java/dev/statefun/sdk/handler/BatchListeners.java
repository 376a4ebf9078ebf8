package dev.statefun.sdk.handler;

import java.util.List;

import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchReport;
import org.jspecify.annotations.Nullable;

/**
 * Composite listener.
 *
 * @param listeners the listeners, called in this order
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

	// Listeners do not see each other's interruptions; the caller sees them all. The
	// loop is not shared with the other callback, as it runs for every batch
	@Override
	public void batchEnded(BatchReport report) {
		boolean interrupted = InterruptFlag.isSet();
		boolean changed = false;
		for (int i = 0; i < this.listeners.size(); i++) {
			this.listeners.get(i).batchEnded(report);
			changed |= InterruptFlag.restore(interrupted);
		}
		if (changed) {
			InterruptFlag.restore(!interrupted);
		}
	}

	@Override
	public void invocationFailed(FailedInvocation failed, FailureAction action) {
		boolean interrupted = InterruptFlag.isSet();
		boolean changed = false;
		for (BatchListener listener : this.listeners) {
			listener.invocationFailed(failed, action);
			changed |= InterruptFlag.restore(interrupted);
		}
		if (changed) {
			InterruptFlag.restore(!interrupted);
		}
	}

}
