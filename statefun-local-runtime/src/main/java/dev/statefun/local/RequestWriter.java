package dev.statefun.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

import com.google.protobuf.CodedOutputStream;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.protocol.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * Writes the request for a batch: {@code ToFunction} (protocol.md §1).
 */
final class RequestWriter {

	private static final int BATCH = 100;

	private RequestWriter() {
	}

	// Sending a state reads it, which keeps states alive that expire after a call
	static byte[] write(Dialect dialect, Mailbox mailbox, Batch batch, long now) {
		byte[][] states = states(dialect, mailbox, now);
		byte[] target = address(mailbox.address());
		int size = CodedOutputStream.computeByteArraySize(1, target);
		for (byte[] state : states) {
			size += CodedOutputStream.computeByteArraySize(2, state);
		}
		byte[][] invocations = new byte[batch.size()][];
		for (int i = 0; i < invocations.length; i++) {
			invocations[i] = invocation(batch.messages().get(i));
			size += CodedOutputStream.computeByteArraySize(3, invocations[i]);
		}
		byte[] bytes = new byte[CodedOutputStream.computeTagSize(BATCH) + CodedOutputStream.computeUInt32SizeNoTag(size)
				+ size];
		CodedOutputStream out = CodedOutputStream.newInstance(bytes);
		try {
			out.writeTag(BATCH, 2);
			out.writeUInt32NoTag(size);
			out.writeByteArray(1, target);
			for (byte[] state : states) {
				out.writeByteArray(2, state);
			}
			for (byte[] invocation : invocations) {
				out.writeByteArray(3, invocation);
			}
			out.checkNoSpaceLeft();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes;
	}

	private static byte[][] states(Dialect dialect, Mailbox mailbox, long now) {
		List<KeptState> known = mailbox.function().states();
		byte[][] states = new byte[mailbox.function().registeredStates()][];
		int next = 0;
		for (int i = 0; i < known.size(); i++) {
			KeptState state = known.get(i);
			if (state.isRegistered()) {
				byte[] value = mailbox.value(i, now);
				if (value != null && state.expiration().mode() == Expiration.Mode.AFTER_CALL) {
					mailbox.touch(i, now);
				}
				states[next++] = state(dialect, state, value);
			}
		}
		return states;
	}

	private static byte[] state(Dialect dialect, KeptState state, byte @Nullable [] value) {
		int size = CodedOutputStream.computeStringSize(1, state.name());
		int typedValue = 0;
		// 2.x can't distinguish an empty value from none; on 3.x it is a value
		boolean present = value != null && (dialect == Dialect.V3 || value.length > 0);
		if (present && value != null) {
			if (dialect == Dialect.V3) {
				typedValue = CodedOutputStream.computeStringSize(1, state.typename())
						+ CodedOutputStream.computeBoolSize(2, true)
						+ ((value.length > 0) ? CodedOutputStream.computeByteArraySize(3, value) : 0);
				size += CodedOutputStream.computeTagSize(2) + CodedOutputStream.computeUInt32SizeNoTag(typedValue)
						+ typedValue;
			}
			else {
				size += CodedOutputStream.computeByteArraySize(2, value);
			}
		}
		byte[] bytes = new byte[size];
		CodedOutputStream out = CodedOutputStream.newInstance(bytes);
		try {
			out.writeString(1, state.name());
			if (present && value != null) {
				if (dialect == Dialect.V3) {
					out.writeTag(2, 2);
					out.writeUInt32NoTag(typedValue);
					out.writeString(1, state.typename());
					out.writeBool(2, true);
					if (value.length > 0) {
						out.writeByteArray(3, value);
					}
				}
				else {
					out.writeByteArray(2, value);
				}
			}
			out.checkNoSpaceLeft();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes;
	}

	private static byte[] invocation(Message message) {
		byte[] caller = (message.sender() != null) ? address(message.sender()) : null;
		int size = CodedOutputStream.computeByteArraySize(2, message.argument());
		if (caller != null) {
			size += CodedOutputStream.computeByteArraySize(1, caller);
		}
		byte[] bytes = new byte[size];
		CodedOutputStream out = CodedOutputStream.newInstance(bytes);
		try {
			if (caller != null) {
				out.writeByteArray(1, caller);
			}
			out.writeByteArray(2, message.argument());
			out.checkNoSpaceLeft();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes;
	}

	private static byte[] address(Address address) {
		String namespace = address.type().namespace();
		String name = address.type().name();
		String id = address.id();
		int size = CodedOutputStream.computeStringSize(1, namespace) + CodedOutputStream.computeStringSize(2, name)
				+ (id.isEmpty() ? 0 : CodedOutputStream.computeStringSize(3, id));
		byte[] bytes = new byte[size];
		CodedOutputStream out = CodedOutputStream.newInstance(bytes);
		try {
			out.writeString(1, namespace);
			out.writeString(2, name);
			if (!id.isEmpty()) {
				out.writeString(3, id);
			}
			out.checkNoSpaceLeft();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes;
	}

}
