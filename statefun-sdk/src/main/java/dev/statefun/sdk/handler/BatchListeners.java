package dev.statefun.sdk.handler;

import java.util.List;
import java.util.function.Consumer;

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

	@Override
	public void batchEnded(BatchReport report) {
		callEach((listener) -> listener.batchEnded(report));
	}

	@Override
	public void invocationFailed(FailedInvocation failed, FailureAction action) {
		callEach((listener) -> listener.invocationFailed(failed, action));
	}

	// Listeners do not see each other's interruptions; the caller sees them all
	private void callEach(Consumer<BatchListener> call) {
		boolean interrupted = InterruptFlag.isSet();
		boolean changed = false;
		for (BatchListener listener : this.listeners) {
			call.accept(listener);
			changed |= InterruptFlag.restore(interrupted);
		}
		if (changed) {
			InterruptFlag.restore(!interrupted);
		}
	}

}
