package dev.statefun.sdk.handler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Optional;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.statefun.sdk.PendingTimers;
import dev.statefun.sdk.failure.UnreadableStateException;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.MalformedRequestException;
import dev.statefun.sdk.protocol.Printable;
import dev.statefun.sdk.protocol.ReplyWriter;
import dev.statefun.sdk.protocol.Utf8;
import dev.statefun.sdk.registry.StateSlot;
import org.jspecify.annotations.Nullable;

/**
 * One state during one batch. An immutable value is decoded once and kept; a mutable one
 * is decoded by every read and encoded by every write, so that it is never shared with
 * the function.
 * <p>
 * Every write publishes one immutable object, so that threads never see a partial value.
 *
 * @param <T> type of the value
 */
final class StateCell<T> {

	/** Written value of a removed state. */
	static final Object REMOVED = new Object();

	private static final VarHandle WRITTEN = field("written", Object.class);

	private static final VarHandle READ = field("read", Object.class);

	private final BatchRequest request;

	private final ValueEncoder encoder;

	private final StateSlot<T> slot;

	private final int entry;

	/**
	 * The last write: {@link #REMOVED}, an {@link Encoded}, or an immutable value that is
	 * yet to be encoded; {@code null} if the state is unchanged.
	 */
	private @Nullable Object written;

	/** The last write when the current message began. */
	private @Nullable Object marked;

	/** The value of the request, if it is immutable and was read. */
	private @Nullable Object read;

	/** Whether the type in the request was checked; each thread may check it again. */
	private boolean typeChecked;

	StateCell(BatchRequest request, ValueEncoder encoder, StateSlot<T> slot, int entry) {
		this.request = request;
		this.encoder = encoder;
		this.slot = slot;
		this.entry = entry;
	}

	private static VarHandle field(String name, Class<?> type) {
		try {
			return MethodHandles.lookup().findVarHandle(StateCell.class, name, type);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	StateSlot<T> slot() {
		return this.slot;
	}

	void mark() {
		this.marked = WRITTEN.getAcquire(this);
	}

	void rollBack() {
		WRITTEN.setRelease(this, this.marked);
	}

	// Accepts the result of toStored or toRaw, or REMOVED
	void write(Object written) {
		WRITTEN.setRelease(this, written);
	}

	// Returns null in place of an empty Optional, which is then created in one place
	// and optimized away
	@Nullable T value() {
		Object written = WRITTEN.getAcquire(this);
		if (written == null) {
			return this.request.hasState(this.entry) ? requested() : null;
		}
		if (written == REMOVED) {
			return null;
		}
		return (written instanceof Encoded encoded) ? decode(encoded) : valueOf(written);
	}

	@SuppressWarnings("unchecked")
	private T valueOf(Object immutable) {
		return (T) immutable;
	}

	private T decode(Encoded encoded) {
		return (encoded.value() != null) ? valueOf(encoded.value())
				: decode(encoded.bytes(), 0, encoded.bytes().length);
	}

	private T requested() {
		Object read = READ.getAcquire(this);
		if (read != null) {
			return valueOf(read);
		}
		T value = decodeRequested();
		if (codec().immutable()) {
			READ.setRelease(this, value);
		}
		return value;
	}

	private T decodeRequested() {
		requireRequestedType();
		BatchRequest request = this.request;
		if (isAnyOnV2()) {
			return valueOf(requestedAny());
		}
		return decode(request.bytes(), request.stateValueOffset(this.entry), request.stateValueLength(this.entry));
	}

	// Returns the object to write for a value, which is encoded if that may fail
	Object toStored(T value) {
		if (value == null) {
			throw setToNull();
		}
		if (value instanceof Any any) {
			requireTypeUrl(any);
		}
		requireWritable();
		if (!codec().immutable()) {
			return new Encoded(encode(value), this.slot.typenameUtf8(), null);
		}
		return alwaysEncodes(value) ? value : new Encoded(encode(value), this.slot.typenameUtf8(), value);
	}

	// Values whose encoding may fail are encoded while the message that set them is
	// known; others once for the batch
	private static boolean alwaysEncodes(Object value) {
		return value instanceof Number || value instanceof Boolean || value instanceof Message;
	}

	// The state as type and bytes, whatever its declared type
	Optional<Any> getRaw() {
		Object written = WRITTEN.getAcquire(this);
		if (written == REMOVED || (written == null && !this.request.hasState(this.entry))) {
			return Optional.empty();
		}
		if (written == null) {
			requireRequestedType();
			return Optional.of(requestedAny());
		}
		Encoded encoded = encodedOf(written);
		return Optional.of(Any.newBuilder()
			.setTypeUrlBytes(ByteString.copyFrom(encoded.typename()))
			.setValue(ByteString.copyFrom(encoded.bytes()))
			.build());
	}

	// The last write of the batch, or null; another object after each write of another
	// value
	@Nullable Object written() {
		return WRITTEN.getAcquire(this);
	}

	// The value that was written last, or null if the state was removed. A value of the
	// declared type Any is returned as it is
	@Nullable Any writtenValue() {
		return (WRITTEN.getAcquire(this) instanceof Any any) ? any : getRaw().orElse(null);
	}

	Object toRaw(Any value) {
		if (value == null) {
			throw setToNull();
		}
		byte[] typename = value.getTypeUrlBytes().toByteArray();
		if (!matches(typename, 0, typename.length)) {
			throw new IllegalArgumentException(describe() + " can't be set to an Any of the type '" + value.getTypeUrl()
					+ "'; expected '" + this.slot.typename() + "'");
		}
		requireWritable();
		return new Encoded(value.getValue().toByteArray(), typename, null);
	}

	// Adds the last write of the batch to the reply, if there is one (protocol.md §9)
	void writeTo(ReplyWriter reply) {
		Object written = WRITTEN.getAcquire(this);
		if (written == null) {
			return;
		}
		if (written == REMOVED) {
			reply.delete(this.slot.name());
		}
		else if (isAnyOnV2() && written instanceof Any any) {
			reply.modify(this.slot.name(), any.getTypeUrlBytes().toByteArray(), any.getValue().toByteArray());
		}
		else if (written instanceof Encoded encoded) {
			reply.modify(this.slot.name(), encoded.typename(), encoded.bytes());
		}
		else {
			reply.modify(this.slot.name(), this.slot.typenameUtf8(), encode(valueOf(written)));
		}
	}

	private Encoded encodedOf(Object written) {
		return (written instanceof Encoded encoded) ? encoded
				: new Encoded(encode(valueOf(written)), this.slot.typenameUtf8(), null);
	}

	void reportTo(BatchReport.StateSize consumer) {
		if (this.request.hasState(this.entry)) {
			consumer.accept(this.slot.spec().name(), this.request.stateLength(this.entry));
		}
	}

	private MessageCodec<T> codec() {
		return this.slot.mapping().codec();
	}

	// States of a 2.x cluster are serialized as Any, so an Any is not wrapped again
	private boolean isAnyOnV2() {
		return this.slot.spec().type() == Any.class && this.request.dialect() == Dialect.V2;
	}

	// A 3.x cluster fails the job if a state is written with another type than it is
	// registered with (protocol.md §4.3); a 2.x cluster replaces it
	private void requireWritable() {
		if (this.request.dialect() == Dialect.V3 && this.request.hasState(this.entry)) {
			requireRequestedType();
		}
	}

	private void requireRequestedType() {
		if (!this.typeChecked) {
			checkRequestedType();
			this.typeChecked = true;
		}
	}

	private void checkRequestedType() {
		BatchRequest request = this.request;
		try {
			request.readAnyState(this.entry);
		}
		catch (MalformedRequestException ex) {
			throw unreadable(null, this.slot.typename(),
					" can't be read: its stored bytes are not a google.protobuf.Any, the form in which 2.x "
							+ "clusters keep states (" + ex.getMessage() + "); expected '" + this.slot.typename() + "'",
					ex);
		}
		int offset = request.stateTypeOffset(this.entry);
		int length = request.stateTypeLength(this.entry);
		if (!isAnyOnV2() && !matches(request.bytes(), offset, length)) {
			String found = requestedTypename();
			throw unreadable(found, this.slot.typename(), " holds a value of the type '" + Printable.of(found)
					+ "'; expected '" + this.slot.typename() + "'. " + adviceForType(), null);
		}
	}

	private String adviceForType() {
		return this.slot.spec().equals(PendingTimers.STATE)
				? "Another release uses the name for a state of its own; delete that state, or give the function "
						+ "another type"
				: "Declare the state with the type it has, or use a new state name";
	}

	private UnreadableStateException unreadable(@Nullable String found, String expected, String problem,
			@Nullable Throwable cause) {
		return new UnreadableStateException(this.slot.function(), this.slot.spec().name(), found, expected,
				describe() + problem, cause);
	}

	// A value written by this batch is not stored: the handler is at fault
	IllegalStateException unreadableValue(String expected, String problem, @Nullable Throwable cause) {
		return (WRITTEN.getAcquire(this) != null) ? new IllegalStateException(describe() + problem, cause)
				: unreadable(requestedTypename(), expected, problem, cause);
	}

	private String requestedTypename() {
		BatchRequest request = this.request;
		return Utf8.read(request.bytes(), request.stateTypeOffset(this.entry), request.stateTypeLength(this.entry));
	}

	private boolean matches(byte[] bytes, int offset, int length) {
		byte[] expected = this.slot.typenameUtf8();
		if (Arrays.equals(expected, 0, expected.length, bytes, offset, offset + length)) {
			return true;
		}
		// On a 2.x cluster the name is part of the value: a value written under
		// another name of the type is replaced by the next write
		return this.request.dialect() == Dialect.V2 && this.slot.mapping().accepts(Utf8.read(bytes, offset, length));
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
			throw unreadableValue(typename, " can't be read: its " + length + " bytes are no value of the type '"
					+ typename + "'; expected a '" + codec.type().getTypeName() + "'", ex);
		}
	}

	<V> byte[] encode(MessageCodec<V> codec, String typename, V value) {
		try {
			return this.encoder.encode(codec, value);
		}
		catch (Exception ex) {
			throw new IllegalStateException(describe() + " can't be written: a value of the type '"
					+ value.getClass().getName() + "' could not be encoded as '" + typename + "'", ex);
		}
	}

	private Any requestedAny() {
		BatchRequest request = this.request;
		return Any.newBuilder()
			.setTypeUrl(requestedTypename())
			.setValue(ByteString.copyFrom(request.bytes(), request.stateValueOffset(this.entry),
					request.stateValueLength(this.entry)))
			.build();
	}

	private void requireTypeUrl(Any any) {
		if (any.getTypeUrl().isEmpty()) {
			// Without bytes it would be an absent value on 2.x (protocol.md §4.3)
			throw new IllegalArgumentException(describe() + " can't be set to an Any without a type URL");
		}
	}

	NullPointerException setToNull() {
		return new NullPointerException(describe() + " can't be set to null; use remove() to delete it");
	}

	String describe() {
		return "State '" + this.slot.spec().name() + "' of function '" + this.slot.function() + "'";
	}

	/**
	 * An encoded value.
	 *
	 * @param bytes its bytes
	 * @param typename the type name to write
	 * @param value the value itself, if it is immutable
	 */
	private record Encoded(byte[] bytes, byte[] typename, @Nullable Object value) {

	}

}
