package dev.statefun.sdk.handler;

import java.lang.reflect.Type;
import java.util.function.LongSupplier;

import dev.statefun.sdk.PendingTimers;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.ReplyWriter;
import dev.statefun.sdk.registry.RegisteredFunction;

/**
 * States of a function that has named timers. A function without timers thus has no field
 * for them.
 */
final class StatesWithTimers extends BatchStates {

	private final BatchTimers timers;

	StatesWithTimers(RegisteredFunction function, BatchRequest request, int[] entries, LongSupplier nonces) {
		super(function, request, entries);
		this.timers = new BatchTimers(function.type(), request, timersCell(function.timers()), nonces);
	}

	@SuppressWarnings("unchecked")
	private StateCell<PendingTimers> timersCell(int position) {
		return (StateCell<PendingTimers>) cell(position);
	}

	@Override
	BatchTimers timers() {
		return this.timers;
	}

	@Override
	boolean receive(int invocation) {
		return this.timers.receive(invocation);
	}

	@Override
	void requireRoom(BatchEffects effects) {
		this.timers.requireRoom(effects);
	}

	@Override
	void mark() {
		super.mark();
		this.timers.mark();
	}

	@Override
	void rollBack() {
		super.rollBack();
		this.timers.rollBack();
	}

	@Override
	void writeTo(ReplyWriter reply) {
		this.timers.writeTo(reply);
		super.writeTo(reply);
	}

	@Override
	<T> PersistedValue<T> valueIn(BatchEffects effects, RunningInvocation invocation, String name, Type type) {
		if (name.equals(PendingTimers.STATE.name())) {
			throw new IllegalStateException("State '" + name + "' of function '" + invocation.self().type()
					+ "' is reserved for its timers; use Timers.of(context)");
		}
		return super.valueIn(effects, invocation, name, type);
	}

}
