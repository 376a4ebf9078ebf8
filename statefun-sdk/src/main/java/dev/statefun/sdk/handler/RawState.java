package dev.statefun.sdk.handler;

import java.util.Optional;

import com.google.protobuf.Any;
import dev.statefun.sdk.PersistedValue;

/**
 * Raw form of a state that is declared with another type, bound to one invocation.
 */
final class RawState implements PersistedValue<Any> {

	private final BatchEffects effects;

	private final RunningInvocation invocation;

	private final StateCell<?> state;

	RawState(BatchEffects effects, RunningInvocation invocation, StateCell<?> state) {
		this.effects = effects;
		this.invocation = invocation;
		this.state = state;
	}

	@Override
	public Optional<Any> get() {
		this.effects.requireRunning(this.invocation);
		return this.state.getRaw();
	}

	@Override
	public void set(Any value) {
		this.effects.requireRunning(this.invocation);
		this.effects.write(this.invocation, this.state, this.state.toRaw(value));
	}

	@Override
	public void remove() {
		this.effects.write(this.invocation, this.state, StateCell.REMOVED);
	}

}
