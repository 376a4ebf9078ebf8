package dev.statefun.sdk.handler;

import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import dev.statefun.sdk.Timers;
import dev.statefun.sdk.protocol.DelayRange;
import dev.statefun.sdk.protocol.Printable;
import dev.statefun.sdk.protocol.Utf8;

/**
 * Named timers, bound to one invocation.
 */
final class InvocationTimers implements Timers {

	private final BatchTimers timers;

	private final BatchEffects effects;

	private final RunningInvocation invocation;

	/** Encodes messages with the headers of the context. */
	private final Function<Object, EncodedMessage> encoder;

	InvocationTimers(BatchTimers timers, BatchEffects effects, RunningInvocation invocation,
			Function<Object, EncodedMessage> encoder) {
		this.timers = timers;
		this.effects = effects;
		this.invocation = invocation;
		this.encoder = encoder;
	}

	@Override
	public void start(String name, Duration delay, Object message) {
		this.effects.requireRunning(this.invocation);
		requireName(name);
		Objects.requireNonNull(delay, "'delay' must not be null");
		if (this.invocation.self().id().isEmpty()) {
			throw new IllegalArgumentException("Timer '" + name + "' of function '" + this.invocation.self().type()
					+ "' can't be started for an empty id; a message to a function needs an id that is not empty");
		}
		long millis = DelayRange.toMillis(delay, "'delay'");
		EncodedMessage encoded = this.encoder.apply(message);
		this.effects.run(this.invocation,
				() -> this.timers.start(name, millis, encoded, this.effects, this.invocation.index()));
	}

	@Override
	public void cancel(String name) {
		this.effects.requireRunning(this.invocation);
		requireName(name);
		this.effects.run(this.invocation, () -> this.timers.cancel(name, this.invocation.index()));
	}

	@Override
	public Set<String> pending() {
		this.effects.requireRunning(this.invocation);
		return Collections.unmodifiableSet(this.timers.names());
	}

	private static void requireName(String name) {
		Objects.requireNonNull(name, "'name' must not be null");
		if (name.isBlank() || name.length() > MAX_NAME_LENGTH) {
			throw new IllegalArgumentException("The name of a timer has 1 to " + MAX_NAME_LENGTH
					+ " characters that are not all blank, but is '" + Printable.of(name) + "'");
		}
		// Refuses an unpaired surrogate
		Utf8.length(name);
	}

}
