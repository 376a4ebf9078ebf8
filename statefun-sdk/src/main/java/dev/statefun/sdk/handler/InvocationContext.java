package dev.statefun.sdk.handler;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
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
import dev.statefun.sdk.egress.EgressRecord;
import dev.statefun.sdk.failure.ExceptionWrappers;
import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureKind;
import dev.statefun.sdk.failure.InvalidMessageException;
import dev.statefun.sdk.failure.MessageDecodingException;
import dev.statefun.sdk.failure.UnhandledMessageException;
import dev.statefun.sdk.failure.UnreadableStateException;
import dev.statefun.sdk.listener.MessageKind;
import dev.statefun.sdk.message.GenericType;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.BytesTable;
import dev.statefun.sdk.protocol.DelayRange;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.HeaderFields;
import dev.statefun.sdk.protocol.Printable;
import dev.statefun.sdk.protocol.ReplyWriter;
import dev.statefun.sdk.protocol.Utf8;
import dev.statefun.sdk.registry.FunctionLookup;
import dev.statefun.sdk.registry.IncomingMessage;
import org.jspecify.annotations.Nullable;

/**
 * Context of one invocation of a batch. Every invocation has its own, so that a context
 * that is kept too long can't have effects on behalf of the next invocation.
 */
final class InvocationContext implements Context, IncomingMessage, RunningInvocation, Timers.Source {

	private final OngoingBatch batch;

	private final int index;

	/** Position of the handler of the message, or -1. */
	private int handler = -1;

	/** Null as long as no headers are read or injected. */
	private @Nullable InvocationHeaders headers;

	InvocationContext(OngoingBatch batch, int index) {
		this.batch = batch;
		this.index = index;
	}

	@Override
	public int index() {
		return this.index;
	}

	// The context of another attempt
	InvocationContext restarted() {
		InvocationContext restarted = new InvocationContext(this.batch, this.index);
		restarted.headers = this.headers;
		return restarted;
	}

	@Override
	public void handledBy(int handler) {
		this.handler = handler;
	}

	int handler() {
		return this.handler;
	}

	void requireRunning() {
		this.batch.effects().requireRunning(this);
	}

	private ReplyWriter writer() {
		return this.batch.effects().writer(this);
	}

	private void add(ReplyWriter writer, MessageKind kind, @Nullable Object target) {
		this.batch.effects().add(this, writer, kind, target);
	}

	@Override
	public void count(MessageKind kind, @Nullable Object target) {
		BatchTally tally = this.batch.tally();
		if (tally == null) {
			return;
		}
		if (kind == MessageKind.REPLY) {
			tally.replied(this.batch.request(), this.index);
		}
		else {
			tally.sent(kind, target);
		}
	}

	@Override
	public Address self() {
		return this.batch.self();
	}

	@Override
	public Optional<Address> caller() {
		return Optional.ofNullable(this.batch.caller(this.index));
	}

	boolean isCalledByGateway() {
		BatchRequest request = this.batch.request();
		return request.hasCaller(this.index) && FailureNotice.GATEWAYS.equals(request.caller(this.index)[0]);
	}

	@Override
	public Headers headers() {
		requireRunning();
		return invocationHeaders().received();
	}

	private InvocationHeaders invocationHeaders() {
		InvocationHeaders headers = this.headers;
		if (headers == null) {
			headers = InvocationHeaders.of(this.batch.request(), this.index, this.batch.headers());
			this.headers = headers;
		}
		return headers;
	}

	void injectHeaders(HeaderInjector injector) {
		if (this.batch.headers().enabled()) {
			this.headers = invocationHeaders().with(injector);
		}
	}

	@Override
	public Context withHeaders(Headers headers) {
		requireRunning();
		Objects.requireNonNull(headers, "'headers' must not be null");
		return new ContextWithHeaders(this, headers);
	}

	private byte[] headersOf(Headers added) {
		HeaderOptions options = this.batch.headers();
		boolean none = added.isEmpty() && this.headers == null && options.propagated().isEmpty();
		return (none || !options.enabled()) ? InvocationHeaders.NONE : invocationHeaders().ofNewMessage(added);
	}

	@Override
	public void forward(Address target) {
		forward(target, Headers.empty());
	}

	void forward(Address target, Headers set) {
		requireRunning();
		requireTarget(target);
		boolean enabled = this.batch.headers().enabled();
		Headers added = enabled ? invocationHeaders().added(set) : Headers.empty();
		byte[] message = this.batch.request().copyMessage(this.index, (key) -> !enabled || added.contains(key));
		ReplyWriter writer = writer();
		writer.forward(target.type().fields(), target.id(), message, added.toFields(HeaderFields.IN_MESSAGE));
		add(writer, MessageKind.SEND, target.type());
	}

	@Override
	public void send(Address target, Object message) {
		send(target, message, Headers.empty());
	}

	void send(Address target, Object message, Headers added) {
		requireRunning();
		requireTarget(target);
		MessageMapping<Object> mapping = mappingOf(message);
		byte[] value = encode(message, mapping);
		byte[] headers = headersOf(added);
		ReplyWriter writer = writer();
		writer.send(target.type().fields(), target.id(), typenameOf(message, mapping), value, headers);
		add(writer, MessageKind.SEND, target.type());
	}

	@Override
	public Address addressOf(TargetAddress<?> target) {
		Objects.requireNonNull(target, "'target' must not be null");
		FunctionLookup.require(this.batch.functions(), target.target());
		return target.address();
	}

	@Override
	public void reply(Object message) {
		reply(message, Headers.empty());
	}

	void reply(Object message, Headers added) {
		requireRunning();
		BatchRequest request = this.batch.request();
		if (!request.hasCaller(this.index)) {
			throw new IllegalStateException("Function '" + this.batch.functionType()
					+ "' can't reply: the message came from an ingress or a timer and has no caller. "
					+ "Ask context.caller() first, or send to an address");
		}
		MessageMapping<Object> mapping = mappingOf(message);
		byte[] value = encode(message, mapping);
		byte[] headers = headersOf(added);
		ReplyWriter writer = writer();
		writer.reply(request, this.index, typenameOf(message, mapping), value, headers);
		add(writer, MessageKind.REPLY, null);
	}

	@Override
	public void sendAfter(Duration delay, Address target, Object message) {
		sendAfter(delay, target, message, Headers.empty());
	}

	void sendAfter(Duration delay, Address target, Object message, Headers added) {
		sendDelayed(delay, target, message, null, added);
	}

	@Override
	public void sendAfter(Duration delay, Address target, Object message, CancellationToken token) {
		sendAfter(delay, target, message, token, Headers.empty());
	}

	void sendAfter(Duration delay, Address target, Object message, CancellationToken token, Headers added) {
		requireRunning();
		Objects.requireNonNull(token, "'token' must not be null");
		requireCancellation();
		sendDelayed(delay, target, message, token.value(), added);
	}

	private void sendDelayed(Duration delay, Address target, Object message, @Nullable String token, Headers added) {
		requireRunning();
		Objects.requireNonNull(delay, "'delay' must not be null");
		requireTarget(target);
		long millis = DelayRange.toMillis(delay, "'delay'");
		MessageMapping<Object> mapping = mappingOf(message);
		byte[] value = encode(message, mapping);
		byte[] headers = headersOf(added);
		ReplyWriter writer = writer();
		writer.sendAfter(millis, target.type().fields(), target.id(), typenameOf(message, mapping), value, headers,
				token);
		add(writer, MessageKind.SEND_AFTER, target.type());
	}

	@Override
	public void cancelDelayed(CancellationToken token) {
		requireRunning();
		Objects.requireNonNull(token, "'token' must not be null");
		requireCancellation();
		ReplyWriter writer = writer();
		writer.cancel(token.value());
		add(writer, MessageKind.CANCEL, null);
	}

	private void requireCancellation() {
		if (this.batch.request().dialect() == Dialect.V2) {
			throw new IllegalStateException("Function '" + this.batch.functionType()
					+ "' can't use a cancellation token: the cluster is of the generation 2.x, "
					+ "and delayed messages can be cancelled from 3.1 on");
		}
	}

	@Override
	public Timers timers() {
		return timers(Headers.empty());
	}

	Timers timers(Headers added) {
		requireRunning();
		BatchTimers timers = this.batch.states().timers();
		if (timers == null) {
			throw new IllegalStateException("Function '" + this.batch.functionType() + "' does not declare timers. "
					+ "Add a parameter of the type Timers to a handler, timers() to its FunctionSpec, or "
					+ "hasTimers() to its FunctionHandler");
		}
		return new InvocationTimers(timers, this.batch.effects(), this, (message) -> encode(message, added));
	}

	private EncodedMessage encode(Object message, Headers added) {
		MessageMapping<Object> mapping = mappingOf(message);
		return new EncodedMessage(typenameOf(message, mapping), encode(message, mapping), headersOf(added));
	}

	@Override
	public void sendEgress(EgressId egress, Object record) {
		sendEgress(egress, record, Headers.empty());
	}

	void sendEgress(EgressId egress, Object record, Headers added) {
		requireRunning();
		Objects.requireNonNull(egress, "'egress' must not be null");
		Objects.requireNonNull(record, "'record' must not be null");
		byte[] headers = headersOf(added);
		if (record instanceof EgressRecord egressRecord) {
			byte[] inRecord = this.batch.headers().kafkaRecords() ? headers : InvocationHeaders.NONE;
			sendEgress(egress, egressRecord.typenameUtf8(this.batch.request().dialect()),
					egressRecord.encode(this.batch.functions().json(), inRecord), headers);
		}
		else {
			MessageMapping<Object> mapping = mappingOf(record);
			sendEgress(egress, typenameOf(record, mapping), encode(record, mapping), headers);
		}
	}

	@Override
	public <T> BoundEgress<T> bind(Egress<T> egress) {
		Objects.requireNonNull(egress, "'egress' must not be null");
		return FunctionLookup.bind(this.batch.functions(), egress);
	}

	private void sendEgress(EgressId egress, byte[] typename, byte[] value, byte[] headers) {
		ReplyWriter writer = writer();
		writer.egress(egress.fields(), typename, value, headers);
		add(writer, MessageKind.EGRESS, egress);
	}

	@Override
	public PersistedValue<Any> state(String name) {
		return state(name, Any.class);
	}

	@Override
	public <T> PersistedValue<T> state(String name, Class<T> type) {
		return stateOf(name, Objects.requireNonNull(type, "'type' must not be null"));
	}

	@Override
	public <T> PersistedValue<T> state(String name, GenericType<T> type) {
		return stateOf(name, Objects.requireNonNull(type, "'type' must not be null").type());
	}

	@Override
	public <T> PersistedValue<T> state(ValueSpec<T> spec) {
		Objects.requireNonNull(spec, "'spec' must not be null");
		return stateOf(spec.name(), spec.type());
	}

	private <T> PersistedValue<T> stateOf(String name, Type type) {
		requireRunning();
		Objects.requireNonNull(name, "'name' must not be null");
		return this.batch.states().valueIn(this.batch.effects(), this, name, type);
	}

	@Override
	public <R extends Record> R states(Class<R> record) {
		return statesOf(Objects.requireNonNull(record, "'record' must not be null"));
	}

	@Override
	public <R extends Record> R states(GenericType<R> record) {
		return statesOf(Objects.requireNonNull(record, "'record' must not be null").type());
	}

	@SuppressWarnings("unchecked")
	private <R extends Record> R statesOf(Type record) {
		requireRunning();
		return (R) this.batch.function().stateRecords().create(record, states());
	}

	@Override
	public Any pack(Object message, String typename) {
		requireRunning();
		Objects.requireNonNull(typename, "'typename' must not be null");
		MessageMapping<Object> mapping = mappingOf(message);
		List<String> typenames = (mapping != null) ? mapping.typenames() : List.of(((Any) message).getTypeUrl());
		if (!typenames.contains(typename)) {
			throw new IllegalArgumentException("A '" + message.getClass().getName() + "' can't be packed as '"
					+ typename + "'; it has the message types " + typenames);
		}
		return Any.newBuilder().setTypeUrl(typename).setValue(ByteString.copyFrom(encode(message, mapping))).build();
	}

	private static void requireTarget(Address target) {
		Objects.requireNonNull(target, "'target' must not be null");
		if (target.id().isEmpty()) {
			throw new IllegalArgumentException("A message to '" + target.type() + "' needs an id that is not empty");
		}
	}

	// An Any is sent unchanged and has no mapping
	@SuppressWarnings("unchecked")
	private @Nullable MessageMapping<Object> mappingOf(Object message) {
		Objects.requireNonNull(message, "'message' must not be null");
		if (message instanceof Any) {
			return null;
		}
		return (MessageMapping<Object>) this.batch.functions().mappings().of(message.getClass());
	}

	private static byte[] typenameOf(Object message, @Nullable MessageMapping<Object> mapping) {
		return (mapping != null) ? mapping.typenameUtf8() : ((Any) message).getTypeUrlBytes().toByteArray();
	}

	private byte[] encode(Object message, @Nullable MessageMapping<Object> mapping) {
		if (mapping == null) {
			return ((Any) message).getValue().toByteArray();
		}
		try {
			return this.batch.states().encode(mapping.codec(), message);
		}
		catch (Exception ex) {
			throw new IllegalStateException("Function '" + this.batch.functionType() + "' can't send a '"
					+ message.getClass().getName() + "': it could not be encoded as '" + mapping.typename() + "'", ex);
		}
	}

	// The following methods are for the invokers, not for functions

	@Override
	public Context context() {
		return this;
	}

	@Override
	public void restoreInterruption(boolean before) {
		this.batch.restoreInterruption(before);
	}

	@Override
	public PersistedValue<?>[] states() {
		return this.batch.states().valuesIn(this.batch.effects(), this);
	}

	@Override
	public <T> @Nullable T find(BytesTable<T> byTypename, BytesTable<T> bySuffix) {
		BatchRequest request = this.batch.request();
		byte[] bytes = request.bytes();
		int offset = request.typeOffset(this.index);
		int length = request.typeLength(this.index);
		T exact = byTypename.find(bytes, offset, length);
		if (exact != null) {
			return exact;
		}
		int suffix = offset + length;
		while (suffix > offset && bytes[suffix - 1] != '/') {
			suffix--;
		}
		return bySuffix.find(bytes, suffix, offset + length - suffix);
	}

	@Override
	public String typename() {
		return Printable.of(rawTypename());
	}

	private String rawTypename() {
		BatchRequest request = this.batch.request();
		return Utf8.read(request.bytes(), request.typeOffset(this.index), request.typeLength(this.index));
	}

	FailedInvocation failed(Throwable thrown) {
		Throwable cause = ExceptionWrappers.unwrap(thrown);
		return new FailedInvocation(self(), knownCaller(), rawMessage(), invocationHeaders().received(), kindOf(cause),
				cause);
	}

	private Optional<Address> knownCaller() {
		try {
			return caller();
		}
		catch (IllegalStateException ex) {
			return Optional.empty();
		}
	}

	static FailureKind kindOf(Throwable cause) {
		// First, as a handler may wrap it in an exception of any class
		if (UnreadableStateException.findIn(cause).isPresent()) {
			return FailureKind.UNREADABLE_STATE;
		}
		if (cause instanceof UnhandledMessageException) {
			return FailureKind.UNKNOWN_TYPE;
		}
		if (cause instanceof MessageDecodingException) {
			return FailureKind.UNDECODABLE;
		}
		return (cause instanceof InvalidMessageException) ? FailureKind.INVALID : FailureKind.HANDLER;
	}

	@Override
	public Any message() {
		requireValue();
		return rawMessage();
	}

	Any rawMessage() {
		BatchRequest request = this.batch.request();
		return Any.newBuilder()
			.setTypeUrl(rawTypename())
			.setValue(ByteString.copyFrom(request.bytes(), request.valueOffset(this.index),
					request.valueLength(this.index)))
			.build();
	}

	@Override
	public Object message(MessageMapping<?> mapping) {
		requireValue();
		BatchRequest request = this.batch.request();
		try {
			return mapping.codec()
				.decode(request.bytes(), request.valueOffset(this.index), request.valueLength(this.index));
		}
		catch (Exception ex) {
			throw new MessageDecodingException("Function '" + this.batch.functionType() + "' got "
					+ request.valueLength(this.index) + " bytes that are no message of the type '" + typename()
					+ "'; expected a '" + mapping.codec().type().getTypeName() + "'", ex);
		}
	}

	private void requireValue() {
		if (!this.batch.request().hasValue(this.index)) {
			throw new MessageDecodingException(
					"Function '" + this.batch.functionType() + "' got a message of the type '" + typename()
							+ "' without a value (has_value is false); senders always set one",
					null);
		}
	}

}
