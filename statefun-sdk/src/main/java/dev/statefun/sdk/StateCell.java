package dev.statefun.sdk;

import java.util.Arrays;
import java.util.Optional;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.MalformedRequestException;
import dev.statefun.sdk.protocol.ReplyWriter;
import dev.statefun.sdk.protocol.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * One state during one batch. An immutable value is decoded once and kept; a mutable one
 * is decoded by every read and encoded by every write, so that it is never shared with
 * the function.
 *
 * @param <T> type of the value
 */
final class StateCell<T> implements PersistedValue<T> {

	private final Batch batch;

	private final StateSlot<T> slot;

	private final int entry;

	private Change change = Change.NONE;

	/** The current value, if it is known in this form. */
	private @Nullable T value;

	/** The value that was set, if it is known in this form. */
	private byte @Nullable [] encoded;

	/** Type name of {@link #encoded}, where it is not the slot's. */
	private byte @Nullable [] encodedTypename;

	/** What the three and the change were when the current message began. */
	private Change markedChange = Change.NONE;

	private @Nullable T markedValue;

	private byte @Nullable [] markedEncoded;

	private byte @Nullable [] markedTypename;

	StateCell(Batch batch, StateSlot<T> slot, int entry) {
		this.batch = batch;
		this.slot = slot;
		this.entry = entry;
	}

	StateSlot<T> slot() {
		return this.slot;
	}

	// A value that was only read may stay: it is immutable, or it would not be kept
	void mark() {
		this.markedChange = this.change;
		this.markedValue = this.value;
		this.markedEncoded = this.encoded;
		this.markedTypename = this.encodedTypename;
	}

	void rollBack() {
		this.change = this.markedChange;
		this.value = this.markedValue;
		this.encoded = this.markedEncoded;
		this.encodedTypename = this.markedTypename;
	}

	@Override
	public Optional<T> get() {
		if (this.change == Change.REMOVED) {
			return Optional.empty();
		}
		if (this.value != null) {
			return Optional.of(this.value);
		}
		if (this.change == Change.NONE && !request().hasState(this.entry)) {
			return Optional.empty();
		}
		T current = (this.encoded != null) ? decode(this.encoded, 0, this.encoded.length) : decodeRequested();
		if (codec().immutable()) {
			this.value = current;
		}
		return Optional.of(current);
	}

	private T decodeRequested() {
		requireRequestedType();
		BatchRequest request = request();
		if (isAnyOnV2()) {
			return codec().type().cast(requestedAny());
		}
		return decode(request.bytes(), request.stateValueOffset(this.entry), request.stateValueLength(this.entry));
	}

	@Override
	public void set(T value) {
		if (value == null) {
			throw setToNull();
		}
		if (value instanceof Any any) {
			requireTypeUrl(any);
		}
		requireWritable();
		boolean immutable = codec().immutable();
		this.encoded = (immutable && alwaysEncodes(value)) ? null : encode(value);
		this.value = immutable ? value : null;
		this.encodedTypename = null;
		this.change = Change.SET;
	}

	// What may fail is encoded while it can still be told which message set it; the
	// others once for the batch
	private static boolean alwaysEncodes(Object value) {
		return value instanceof Number || value instanceof Boolean || value instanceof Message;
	}

	@Override
	public void remove() {
		this.value = null;
		this.encoded = null;
		this.encodedTypename = null;
		this.change = Change.REMOVED;
	}

	// The same state as type and bytes, whatever it is declared as
	@SuppressWarnings("unchecked")
	PersistedValue<Any> raw() {
		return (this.slot.spec().type() == Any.class) ? (PersistedValue<Any>) this : new RawView();
	}

	// Adds the last write of the batch to the reply, if there was one (protocol.md §9)
	void writeTo(ReplyWriter reply) {
		if (this.change == Change.REMOVED) {
			reply.delete(this.slot.name());
		}
		if (this.change != Change.SET) {
			return;
		}
		if (isAnyOnV2() && this.value instanceof Any any) {
			reply.modify(this.slot.name(), any.getTypeUrlBytes().toByteArray(), any.getValue().toByteArray());
			return;
		}
		reply.modify(this.slot.name(), currentTypename(), currentBytes());
	}

	void reportTo(BatchReport.StateSize consumer) {
		if (request().hasState(this.entry)) {
			consumer.accept(this.slot.spec().name(), request().stateLength(this.entry));
		}
	}

	private byte[] currentTypename() {
		return (this.encodedTypename != null) ? this.encodedTypename : this.slot.typenameUtf8();
	}

	private byte[] currentBytes() {
		if (this.encoded != null) {
			return this.encoded;
		}
		if (this.value == null) {
			throw new IllegalStateException(describe() + " has no value to encode");
		}
		return encode(this.value);
	}

	private MessageCodec<T> codec() {
		return this.slot.mapping().codec();
	}

	private BatchRequest request() {
		return this.batch.request();
	}

	// To a 2.x cluster a state is a serialised Any already, so an Any is not wrapped
	// again
	private boolean isAnyOnV2() {
		return this.slot.spec().type() == Any.class && request().dialect() == Dialect.V2;
	}

	// A 3.x cluster fails the job if a state is written with another type than it is
	// registered with (protocol.md §4.3); on 2.x it is replaced whatever it was
	private void requireWritable() {
		if (request().dialect() == Dialect.V3 && request().hasState(this.entry)) {
			requireRequestedType();
		}
	}

	private void requireRequestedType() {
		BatchRequest request = request();
		try {
			request.readAnyState(this.entry);
		}
		catch (MalformedRequestException ex) {
			throw new IllegalStateException(describe() + " can't be read: its stored bytes are no google.protobuf.Any, "
					+ "as which states are kept on 2.x clusters (" + ex.getMessage() + ")", ex);
		}
		int offset = request.stateTypeOffset(this.entry);
		int length = request.stateTypeLength(this.entry);
		if (!isAnyOnV2() && !matches(request.bytes(), offset, length)) {
			throw new IllegalStateException(describe() + " holds a value of the type '"
					+ Printable.of(Utf8.read(request.bytes(), offset, length)) + "'; expected '" + this.slot.typename()
					+ "'. Declare the state with the type it has, or use a new state name");
		}
	}

	private boolean matches(byte[] bytes, int offset, int length) {
		byte[] expected = this.slot.typenameUtf8();
		if (Arrays.equals(expected, 0, expected.length, bytes, offset, offset + length)) {
			return true;
		}
		// To a 2.x cluster the name is part of the value: what was written under another
		// name of the type is replaced by the next write
		return request().dialect() == Dialect.V2 && this.slot.mapping().accepts(Utf8.read(bytes, offset, length));
	}

	private T decode(byte[] bytes, int offset, int length) {
		return decode(codec(), this.slot.typename(), bytes, offset, length);
	}

	private byte[] encode(T value) {
		return encode(codec(), this.slot.typename(), value);
	}

	<V> V decode(MessageCodec<V> codec, String typename, byte[] bytes, int offset, int length) {
		try {
			return codec.decode(bytes, offset, length);
		}
		catch (Exception ex) {
			throw new IllegalStateException(
					describe() + " can't be read: its " + length + " bytes are no value of the type '" + typename + "'",
					ex);
		}
	}

	<V> byte[] encode(MessageCodec<V> codec, String typename, V value) {
		try {
			return this.batch.encode(codec, value);
		}
		catch (Exception ex) {
			throw new IllegalStateException(describe() + " can't be written: a value of the type '"
					+ value.getClass().getName() + "' could not be encoded as '" + typename + "'", ex);
		}
	}

	private Any requestedAny() {
		BatchRequest request = request();
		return Any.newBuilder()
			.setTypeUrl(Utf8.read(request.bytes(), request.stateTypeOffset(this.entry),
					request.stateTypeLength(this.entry)))
			.setValue(ByteString.copyFrom(request.bytes(), request.stateValueOffset(this.entry),
					request.stateValueLength(this.entry)))
			.build();
	}

	private void requireTypeUrl(Any any) {
		if (any.getTypeUrl().isEmpty()) {
			// Without bytes it would look like no value at all on 2.x (protocol.md §4.3)
			throw new IllegalArgumentException(describe() + " can't be set to an Any without a type URL");
		}
	}

	NullPointerException setToNull() {
		return new NullPointerException(describe() + " can't be set to null; use remove() to delete it");
	}

	String describe() {
		return "State '" + this.slot.spec().name() + "' of function '" + this.batch.functionType() + "'";
	}

	private enum Change {

		NONE, SET, REMOVED

	}

	/**
	 * The raw form of a state that is declared with another type.
	 */
	private final class RawView implements PersistedValue<Any> {

		@Override
		public Optional<Any> get() {
			StateCell<T> cell = StateCell.this;
			if (cell.change == Change.REMOVED || (cell.change == Change.NONE && !request().hasState(cell.entry))) {
				return Optional.empty();
			}
			if (cell.change == Change.NONE) {
				requireRequestedType();
				return Optional.of(requestedAny());
			}
			return Optional.of(Any.newBuilder()
				.setTypeUrlBytes(ByteString.copyFrom(currentTypename()))
				.setValue(ByteString.copyFrom(currentBytes()))
				.build());
		}

		@Override
		public void set(Any value) {
			StateCell<T> cell = StateCell.this;
			if (value == null) {
				throw setToNull();
			}
			byte[] typename = value.getTypeUrlBytes().toByteArray();
			if (!matches(typename, 0, typename.length)) {
				throw new IllegalArgumentException(describe() + " can't be set to an Any of the type '"
						+ value.getTypeUrl() + "'; expected '" + cell.slot.typename() + "'");
			}
			requireWritable();
			cell.value = null;
			cell.encoded = value.getValue().toByteArray();
			cell.encodedTypename = typename;
			cell.change = Change.SET;
		}

		@Override
		public void remove() {
			StateCell.this.remove();
		}

	}

}
