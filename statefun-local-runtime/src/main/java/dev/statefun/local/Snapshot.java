package dev.statefun.local;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

import dev.statefun.local.Timers.DelayedMessage;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.protocol.Dialect;

/**
 * Snapshot of a cluster as bytes: states, waiting messages, batches in flight and delayed
 * messages. The states that a function has named are not included: a cluster asks again
 * after a restore (protocol.md §4.1).
 */
final class Snapshot {

	static final int MAGIC = 0x53464c52;

	static final int VERSION = 2;

	/** Version without ids of messages and without a clock that is ahead. */
	static final int WITHOUT_IDS = 1;

	static final int CHECKSUM_SIZE = Long.BYTES;

	private Snapshot() {
	}

	/**
	 * Write a snapshot.
	 * @param cluster the cluster
	 * @param now time of the runtime
	 * @param ahead how much it is ahead of the wall clock, in milliseconds
	 * @return the bytes
	 */
	static byte[] write(Cluster cluster, long now, long ahead) {
		cluster.forgetExpired(now);
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (DataOutputStream out = new DataOutputStream(bytes)) {
			out.writeInt(MAGIC);
			out.writeInt(VERSION);
			out.writeByte((cluster.dialect() == Dialect.V2) ? 2 : 3);
			out.writeLong(cluster.ids().last());
			out.writeLong(ahead);
			List<HostedFunction> functions = cluster.functions()
				.stream()
				.filter((known) -> !known.isOutside())
				.toList();
			out.writeInt(functions.size());
			for (HostedFunction function : functions) {
				writeFunction(out, function, now);
			}
			List<DelayedMessage> delayed = cluster.delayedMessages();
			out.writeInt(delayed.size());
			for (DelayedMessage message : delayed) {
				writeDelayed(out, message);
			}
			out.flush();
			CRC32C checksum = new CRC32C();
			checksum.update(bytes.toByteArray());
			out.writeLong(checksum.getValue());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	private static void writeFunction(DataOutputStream out, HostedFunction function, long now) throws IOException {
		writeText(out, function.type().namespace());
		writeText(out, function.type().name());
		out.writeInt(function.states().size());
		for (KeptState state : function.states()) {
			writeText(out, state.name());
			writeText(out, state.typename());
			out.writeByte(state.expiration().mode().ordinal());
			out.writeLong(state.expiration().timeToLive().toMillis());
		}
		out.writeInt(function.mailboxes().size());
		for (Mailbox mailbox : function.mailboxes()) {
			writeText(out, mailbox.address().id());
			for (int i = 0; i < function.states().size(); i++) {
				byte[] value = mailbox.value(i, now);
				out.writeBoolean(value != null);
				if (value != null) {
					out.writeLong(mailbox.touched(i));
					writeBytes(out, value);
				}
			}
			Batch inFlight = mailbox.inFlight();
			writeMessages(out, (inFlight != null) ? inFlight.messages() : List.of());
			writeMessages(out, mailbox.backlog());
		}
	}

	private static void writeMessages(DataOutputStream out, List<Message> messages) throws IOException {
		out.writeInt(messages.size());
		for (Message message : messages) {
			writeMessage(out, message);
		}
	}

	private static void writeMessage(DataOutputStream out, Message message) throws IOException {
		out.writeLong(message.id());
		Address sender = message.sender();
		out.writeBoolean(sender != null);
		if (sender != null) {
			writeAddress(out, sender);
		}
		writeBytes(out, message.argument());
	}

	private static void writeDelayed(DataOutputStream out, DelayedMessage delayed) throws IOException {
		out.writeLong(delayed.due());
		writeAddress(out, Address.of(delayed.target().type(), delayed.id()));
		writeMessage(out, delayed.message());
		writeText(out, delayed.token());
	}

	private static void writeAddress(DataOutputStream out, Address address) throws IOException {
		writeText(out, address.type().namespace());
		writeText(out, address.type().name());
		writeText(out, address.id());
	}

	private static void writeText(DataOutputStream out, String text) throws IOException {
		writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
	}

	private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
		out.writeInt(bytes.length);
		out.write(bytes);
	}

}
