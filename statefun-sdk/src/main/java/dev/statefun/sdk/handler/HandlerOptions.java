package dev.statefun.sdk.handler;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchObserver;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds every invocation of a handler. Immutable.
 *
 * @param policy decides about failed messages, or {@code null} to fail their batches
 * @param interceptors run around invocations, the first outermost
 * @param listener is told what fails and ends, or {@code null}
 * @param observer follows batches, or {@code null}
 * @param batchTimeout how long a batch may take, or {@code null} for any time
 * @param invocationTimeout how long a handler may take, or {@code null} for any time
 * @param deadlines enforces both, or {@code null} to only look between messages
 * @param maxReplySize number of bytes that a reply may have
 * @param interruptions receives the address whose code changed its thread's interrupt
 * flag, or {@code null}
 */
record HandlerOptions(@Nullable FailurePolicy policy, List<InvocationInterceptor> interceptors,
		@Nullable BatchListener listener, @Nullable BatchObserver observer, @Nullable Duration batchTimeout,
		@Nullable Duration invocationTimeout, @Nullable Deadlines deadlines, int maxReplySize,
		@Nullable Consumer<Address> interruptions) {

	static final HandlerOptions PLAIN = new HandlerOptions(null, List.of(), null, null, null, null, null,
			Integer.MAX_VALUE, null);

	HandlerOptions {
		interceptors = List.copyOf(interceptors);
	}

	void interruptionChanged(Address self) {
		if (this.interruptions != null) {
			this.interruptions.accept(self);
		}
	}

	// Whether a message may have to be taken back without its batch
	boolean takesBack() {
		return this.policy != null || !this.interceptors.isEmpty();
	}

}
