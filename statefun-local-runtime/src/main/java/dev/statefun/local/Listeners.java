package dev.statefun.local;

import java.time.Duration;
import java.util.ArrayList;
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
final class Listeners implements MessageFlowListener {

	private volatile List<LocalRuntimeListener> listeners;

	/** Those among the listeners that follow messages. */
	private volatile List<MessageFlowListener> followers;

	private final AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();

	Listeners(List<LocalRuntimeListener> listeners) {
		this.listeners = List.copyOf(listeners);
		this.followers = followersAmong(listeners);
	}

	private static List<MessageFlowListener> followersAmong(List<LocalRuntimeListener> listeners) {
		return listeners.stream()
			.filter(MessageFlowListener.class::isInstance)
			.map(MessageFlowListener.class::cast)
			.toList();
	}

	synchronized void add(LocalRuntimeListener listener) {
		List<LocalRuntimeListener> changed = new ArrayList<>(this.listeners);
		changed.add(listener);
		replace(changed);
	}

	synchronized void remove(LocalRuntimeListener listener) {
		List<LocalRuntimeListener> changed = new ArrayList<>(this.listeners);
		changed.remove(listener);
		replace(changed);
	}

	private void replace(List<LocalRuntimeListener> listeners) {
		this.listeners = List.copyOf(listeners);
		this.followers = followersAmong(listeners);
	}

	boolean isEmpty() {
		return this.listeners.isEmpty();
	}

	// Whether any listener follows messages
	boolean follow() {
		return !this.followers.isEmpty();
	}

	@Override
	public void replied(Effects effects) {
		notifyEach(this.listeners, (listener) -> listener.replied(effects));
	}

	@Override
	public void requestFailed(Address self, RequestFailedException failure, Duration retryIn) {
		notifyEach(this.listeners, (listener) -> listener.requestFailed(self, failure, retryIn));
	}

	@Override
	public void jobFailed(Address self, LocalRuntimeException failure, Duration restartIn) {
		notifyEach(this.listeners, (listener) -> listener.jobFailed(self, failure, restartIn));
	}

	@Override
	public void accepted(AcceptedMessage message) {
		notifyEach(this.followers, (listener) -> listener.accepted(message));
	}

	@Override
	public void fired(FiredMessage message) {
		notifyEach(this.followers, (listener) -> listener.fired(message));
	}

	@Override
	public void cancelled(CancelledMessage message) {
		notifyEach(this.followers, (listener) -> listener.cancelled(message));
	}

	@Override
	public void started(StartedRequest request) {
		notifyEach(this.followers, (listener) -> listener.started(request));
	}

	@Override
	public void ended(EndedRequest request) {
		notifyEach(this.followers, (listener) -> listener.ended(request));
	}

	private <L> void notifyEach(List<L> listeners, Consumer<L> call) {
		for (L listener : listeners) {
			boolean interrupted = InterruptFlag.isSet();
			try {
				call.accept(listener);
			}
			catch (Throwable ex) {
				failed(ex);
			}
			finally {
				// The thread must not carry a listener's interrupt into its other work
				InterruptFlag.restore(interrupted);
			}
		}
	}

	void failed(Throwable thrown) {
		if (!this.thrown.compareAndSet(null, thrown)) {
			System.getLogger(Listeners.class.getName())
				.log(System.Logger.Level.WARNING, "A listener of the local runtime failed", thrown);
		}
	}

	// Returns the first exception since the last call
	@Nullable Throwable takeThrown() {
		return this.thrown.getAndSet(null);
	}

}
