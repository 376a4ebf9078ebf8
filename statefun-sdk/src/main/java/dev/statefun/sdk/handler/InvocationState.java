package dev.statefun.sdk.handler;

import java.util.Optional;

import dev.statefun.sdk.PersistedValue;

/**
 * A state bound to one invocation. Ends with the invocation, as the context does, so that
 * code that still runs can't write on behalf of a later message.
 *
 * @param <T> type of the value
 */
final class InvocationState<T> implements PersistedValue<T> {

	private final BatchEffects effects;

	private final RunningInvocation invocation;

	private final StateCell<T> state;

	InvocationState(BatchEffects effects, RunningInvocation invocation, StateCell<T> state) {
		this.effects = effects;
		this.invocation = invocation;
		this.state = state;
	}

	@Override
	public Optional<T> get() {
		this.effects.requireRunning(this.invocation);
		return Optional.ofNullable(this.state.value());
	}

	@Override
	public void set(T value) {
		this.effects.requireRunning(this.invocation);
		this.effects.write(this.invocation, this.state, this.state.toStored(value));
	}

	@Override
	public void remove() {
		this.effects.write(this.invocation, this.state, StateCell.REMOVED);
	}

}
