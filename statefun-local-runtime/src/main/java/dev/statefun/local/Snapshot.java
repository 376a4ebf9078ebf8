package dev.statefun.local;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

import dev.statefun.local.Timers.DelayedMessage;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.protocol.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * Snapshot of a cluster as bytes: states, waiting messages, batches in flight and delayed
 * messages. The states that a function has named are not included: a cluster asks again
 * after a restore (protocol.md §4.1).
 */
final class Snapshot {

	private static final int MAGIC = 0x53464c52;

	private static final int VERSION = 1;

	private static final int CHECKSUM_SIZE = Long.BYTES;

	private Snapshot() {
	}

	static byte[] write(Cluster cluster, long now) {
		cluster.forgetExpired(now);
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (DataOutputStream out = new DataOutputStream(bytes)) {
			out.writeInt(MAGIC);
			out.writeInt(VERSION);
			out.writeByte((cluster.dialect() == Dialect.V2) ? 2 : 3);
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

	// Fills a cluster that has its functions, but no messages or states yet
	static void read(byte[] snapshot, Cluster cluster) {
		requireIntact(snapshot);
		try (DataInputStream in = new DataInputStream(
				new ByteArrayInputStream(snapshot, 0, snapshot.length - CHECKSUM_SIZE))) {
			in.readInt();
			in.readInt();
			int generation = in.readByte();
			int expected = (cluster.dialect() == Dialect.V2) ? 2 : 3;
			if (generation != expected) {
				throw new SnapshotException("The snapshot is of a " + generation + ".x runtime, this is one of "
						+ expected + ".x; start without the snapshot", null);
			}
			int functions = in.readInt();
			for (int i = 0; i < functions; i++) {
				readFunction(in, cluster);
			}
			int delayed = in.readInt();
			for (int i = 0; i < delayed; i++) {
				readDelayed(in, cluster);
			}
			if (in.available() > 0) {
				throw new SnapshotException("The snapshot has " + in.available() + " bytes too many", null);
			}
		}
		catch (IOException | IllegalArgumentException | IndexOutOfBoundsException ex) {
			throw new SnapshotException("The snapshot can't be read: " + ex, ex);
		}
		cluster.resume();
	}

	private static void requireIntact(byte[] snapshot) {
		if (snapshot.length < 8 + CHECKSUM_SIZE) {
			throw new SnapshotException("The snapshot of " + snapshot.length + " bytes is cut off", null);
		}
		try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(snapshot))) {
			if (in.readInt() != MAGIC) {
				throw new SnapshotException("These " + snapshot.length + " bytes are not a snapshot of a local runtime",
						null);
			}
			int version = in.readInt();
			if (version != VERSION) {
				throw new SnapshotException("The snapshot has the version " + version + "; expected " + VERSION, null);
			}
			in.skipNBytes(snapshot.length - 8 - CHECKSUM_SIZE);
			CRC32C checksum = new CRC32C();
			checksum.update(snapshot, 0, snapshot.length - CHECKSUM_SIZE);
			if (in.readLong() != checksum.getValue()) {
				throw new SnapshotException(
						"The snapshot of " + snapshot.length + " bytes is damaged: its checksum does not match", null);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void readFunction(DataInputStream in, Cluster cluster) throws IOException {
		FunctionType type = FunctionType.of(readText(in), readText(in));
		HostedFunction function = cluster.findOrRemember(type);
		int[] places = new int[in.readInt()];
		for (int i = 0; i < places.length; i++) {
			places[i] = readState(in, function);
		}
		int mailboxes = in.readInt();
		for (int i = 0; i < mailboxes; i++) {
			Mailbox mailbox = function.mailbox(readText(in));
			for (int place : places) {
				if (in.readBoolean()) {
					long touched = in.readLong();
					mailbox.value(place, readBytes(in), touched);
				}
			}
			mailbox.restore(readMessages(in), readMessages(in));
		}
	}

	private static int readState(DataInputStream in, HostedFunction function) throws IOException {
		String name = readText(in);
		String typename = readText(in);
		Expiration.Mode mode = Expiration.Mode.values()[in.readByte()];
		Duration timeToLive = Duration.ofMillis(in.readLong());
		int place = function.indexOf(name);
		return (place < 0) ? function.add(new KeptState(name, typename, new Expiration(mode, timeToLive), false))
				: place;
	}

	private static List<Message> readMessages(DataInputStream in) throws IOException {
		int count = in.readInt();
		List<Message> messages = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			messages.add(readMessage(in));
		}
		return messages;
	}

	private static Message readMessage(DataInputStream in) throws IOException {
		Address sender = in.readBoolean() ? readAddress(in) : null;
		return new Message(sender, readBytes(in));
	}

	private static void readDelayed(DataInputStream in, Cluster cluster) throws IOException {
		long due = in.readLong();
		Address target = readAddress(in);
		Message message = readMessage(in);
		String token = readText(in);
		@Nullable Address sender = message.sender();
		if (sender == null) {
			throw new IOException("a delayed message without a sender");
		}
		cluster.delay(due, sender, cluster.findOrRemember(target.type()), target.id(), message.argument(), token);
	}

	private static Address readAddress(DataInputStream in) throws IOException {
		return Address.of(FunctionType.of(readText(in), readText(in)), readText(in));
	}

	private static String readText(DataInputStream in) throws IOException {
		return new String(readBytes(in), StandardCharsets.UTF_8);
	}

	private static byte[] readBytes(DataInputStream in) throws IOException {
		int length = in.readInt();
		if (length < 0 || length > in.available()) {
			throw new IOException("a field of " + length + " bytes where " + in.available() + " are left");
		}
		return in.readNBytes(length);
	}

}
