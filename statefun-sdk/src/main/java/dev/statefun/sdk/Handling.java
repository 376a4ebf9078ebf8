package dev.statefun.sdk;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What surrounds every invocation of a handler. Immutable.
 *
 * @param policy decides about failed messages, or {@code null} to fail their batches
 * @param interceptors run around invocations, the first outermost
 * @param listener is told what fails, or {@code null}
 */
record Handling(@Nullable FailurePolicy policy, List<InvocationInterceptor> interceptors,
		@Nullable BatchListener listener) {

	Handling {
		interceptors = List.copyOf(interceptors);
	}

	// Whether a message may have to be taken back without its batch
	boolean takesBack() {
		return this.policy != null || !this.interceptors.isEmpty();
	}

}
