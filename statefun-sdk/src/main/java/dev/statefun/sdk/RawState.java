package dev.statefun.sdk;

import java.util.Optional;

import com.google.protobuf.Any;

/**
 * The raw form of a state that is declared with another type, as one invocation sees it.
 */
final class RawState implements PersistedValue<Any> {

	private final InvocationContext invocation;

	private final StateCell<?> state;

	RawState(InvocationContext invocation, StateCell<?> state) {
		this.invocation = invocation;
		this.state = state;
	}

	@Override
	public Optional<Any> get() {
		this.invocation.requireRunning();
		return this.state.getRaw();
	}

	@Override
	public void set(Any value) {
		this.invocation.requireRunning();
		this.invocation.write(this.state, this.state.toRaw(value));
	}

	@Override
	public void remove() {
		this.invocation.write(this.state, StateCell.REMOVED);
	}

}
