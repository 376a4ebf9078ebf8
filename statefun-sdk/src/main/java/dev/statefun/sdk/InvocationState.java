package dev.statefun.sdk;

import java.util.Optional;

/**
 * A state as one invocation sees it. It ends with the invocation, as its context does, so
 * that code which was not waited for can't write in the name of a later message.
 *
 * @param <T> type of the value
 */
final class InvocationState<T> implements PersistedValue<T> {

	private final InvocationContext context;

	private final PersistedValue<T> state;

	InvocationState(InvocationContext context, PersistedValue<T> state) {
		this.context = context;
		this.state = state;
	}

	@Override
	public Optional<T> get() {
		this.context.requireRunning();
		return this.state.get();
	}

	@Override
	public void set(T value) {
		this.context.requireRunning();
		this.state.set(value);
	}

	@Override
	public void remove() {
		this.context.requireRunning();
		this.state.remove();
	}

}
