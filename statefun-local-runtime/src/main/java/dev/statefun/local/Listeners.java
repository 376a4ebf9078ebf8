package dev.statefun.local;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.handler.InterruptFlag;
import org.jspecify.annotations.Nullable;

/**
 * Calls all listeners in order. A listener that throws stops neither the others nor the
 * runtime; the exception is kept until it is asked for.
 */
final class Listeners implements LocalRuntimeListener {

	private final List<LocalRuntimeListener> listeners;

	private final AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();

	Listeners(List<LocalRuntimeListener> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	boolean isEmpty() {
		return this.listeners.isEmpty();
	}

	@Override
	public void replied(Effects effects) {
		notifyListeners((listener) -> listener.replied(effects));
	}

	@Override
	public void requestFailed(Address self, RequestFailedException failure, Duration retryIn) {
		notifyListeners((listener) -> listener.requestFailed(self, failure, retryIn));
	}

	@Override
	public void jobFailed(Address self, LocalRuntimeException failure, Duration restartIn) {
		notifyListeners((listener) -> listener.jobFailed(self, failure, restartIn));
	}

	private void notifyListeners(Consumer<LocalRuntimeListener> call) {
		for (LocalRuntimeListener listener : this.listeners) {
			boolean interrupted = InterruptFlag.isSet();
			try {
				call.accept(listener);
			}
			catch (Throwable ex) {
				if (!this.thrown.compareAndSet(null, ex)) {
					System.getLogger(Listeners.class.getName())
						.log(System.Logger.Level.WARNING, "A listener of the local runtime failed", ex);
				}
			}
			finally {
				// The thread must not carry a listener's interrupt into its other work
				InterruptFlag.restore(interrupted);
			}
		}
	}

	// Returns the first exception since the last call
	@Nullable Throwable takeThrown() {
		return this.thrown.getAndSet(null);
	}

}
