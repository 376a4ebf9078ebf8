package dev.statefun.sdk.handler;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchObserver;
import org.jspecify.annotations.Nullable;

/**
 * Options of a request-reply handler. Immutable.
 *
 * @param policy decides how failed messages are handled, or {@code null} to fail their
 * batches
 * @param interceptors run around invocations, the first one outermost
 * @param listener receives failures and reports, or {@code null}
 * @param observer observes batches, or {@code null}
 * @param batchTimeout maximum duration of a batch, or {@code null} for none
 * @param invocationTimeout maximum duration of a handler, or {@code null} for none
 * @param deadlines enforces both, or {@code null} to only check them between messages
 * @param maxReplySize maximum size of a reply in bytes
 * @param interruptions receives the address of a function whose code changed the
 * interrupt flag of its thread, or {@code null}
 * @param headers options of the headers of messages
 * @param timerNonces supplies the random numbers that distinguish the timers of a name
 */
record HandlerOptions(@Nullable FailurePolicy policy, List<InvocationInterceptor> interceptors,
		@Nullable BatchListener listener, @Nullable BatchObserver observer, @Nullable Duration batchTimeout,
		@Nullable Duration invocationTimeout, @Nullable Deadlines deadlines, int maxReplySize,
		@Nullable Consumer<Address> interruptions, HeaderOptions headers, LongSupplier timerNonces) {

	static final LongSupplier RANDOM = () -> ThreadLocalRandom.current().nextLong();

	static final HandlerOptions PLAIN = new HandlerOptions(null, List.of(), null, null, null, null, null,
			Integer.MAX_VALUE, null, HeaderOptions.DEFAULT, RANDOM);

	HandlerOptions {
		interceptors = List.copyOf(interceptors);
	}

	void interruptionChanged(Address self) {
		if (this.interruptions != null) {
			this.interruptions.accept(self);
		}
	}

	// Whether a message may have to be rolled back without its batch
	boolean supportsRollback() {
		return this.policy != null || !this.interceptors.isEmpty();
	}

}
