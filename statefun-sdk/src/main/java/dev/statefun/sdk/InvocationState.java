package dev.statefun.sdk;

import java.util.Optional;

/**
 * A state as one invocation sees it. It ends with the invocation, as its context does, so
 * that code which was not waited for can't write in the name of a later message.
 *
 * @param <T> type of the value
 */
final class InvocationState<T> implements PersistedValue<T> {

	private final InvocationContext invocation;

	private final StateCell<T> state;

	InvocationState(InvocationContext invocation, StateCell<T> state) {
		this.invocation = invocation;
		this.state = state;
	}

	@Override
	public Optional<T> get() {
		this.invocation.requireRunning();
		return Optional.ofNullable(this.state.value());
	}

	@Override
	public void set(T value) {
		this.invocation.requireRunning();
		this.invocation.write(this.state, this.state.toStored(value));
	}

	@Override
	public void remove() {
		this.invocation.write(this.state, StateCell.REMOVED);
	}

}
