package dev.statefun.sdk.handler;

import java.time.Duration;
import java.util.Optional;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.CancellationToken;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.TargetAddress;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.egress.BoundEgress;
import dev.statefun.sdk.egress.Egress;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.message.GenericType;

/**
 * Context of an invocation that adds headers to each message.
 */
final class ContextWithHeaders implements Context, Timers.Source {

	private final InvocationContext invocation;

	private final Headers added;

	ContextWithHeaders(InvocationContext invocation, Headers added) {
		this.invocation = invocation;
		this.added = added;
	}

	@Override
	public Address self() {
		return this.invocation.self();
	}

	@Override
	public Optional<Address> caller() {
		return this.invocation.caller();
	}

	@Override
	public Headers headers() {
		return this.invocation.headers();
	}

	@Override
	public Context withHeaders(Headers headers) {
		return this.invocation.withHeaders(this.added.and(headers));
	}

	@Override
	public void forward(Address target) {
		this.invocation.forward(target, this.added);
	}

	@Override
	public void send(Address target, Object message) {
		this.invocation.send(target, message, this.added);
	}

	@Override
	public void reply(Object message) {
		this.invocation.reply(message, this.added);
	}

	@Override
	public void sendAfter(Duration delay, Address target, Object message) {
		this.invocation.sendAfter(delay, target, message, this.added);
	}

	@Override
	public void sendAfter(Duration delay, Address target, Object message, CancellationToken token) {
		this.invocation.sendAfter(delay, target, message, token, this.added);
	}

	@Override
	public void cancelDelayed(CancellationToken token) {
		this.invocation.cancelDelayed(token);
	}

	@Override
	public Timers timers() {
		return this.invocation.timers(this.added);
	}

	@Override
	public void sendEgress(EgressId egress, Object record) {
		this.invocation.sendEgress(egress, record, this.added);
	}

	@Override
	public Address addressOf(TargetAddress<?> target) {
		return this.invocation.addressOf(target);
	}

	@Override
	public <T> BoundEgress<T> bind(Egress<T> egress) {
		return this.invocation.bind(egress);
	}

	@Override
	public PersistedValue<Any> state(String name) {
		return this.invocation.state(name);
	}

	@Override
	public <T> PersistedValue<T> state(String name, Class<T> type) {
		return this.invocation.state(name, type);
	}

	@Override
	public <T> PersistedValue<T> state(String name, GenericType<T> type) {
		return this.invocation.state(name, type);
	}

	@Override
	public <T> PersistedValue<T> state(ValueSpec<T> spec) {
		return this.invocation.state(spec);
	}

	@Override
	public <R extends Record> R states(Class<R> record) {
		return this.invocation.states(record);
	}

	@Override
	public <R extends Record> R states(GenericType<R> record) {
		return this.invocation.states(record);
	}

	@Override
	public Any pack(Object message, String typename) {
		return this.invocation.pack(message, typename);
	}

}
