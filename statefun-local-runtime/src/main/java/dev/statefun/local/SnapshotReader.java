package dev.statefun.local;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.protocol.Dialect;

/**
 * Reads a {@link Snapshot} of this or an earlier version.
 */
final class SnapshotReader {

	private final DataInputStream in;

	private final Cluster cluster;

	private int version;

	private SnapshotReader(DataInputStream in, Cluster cluster) {
		this.in = in;
		this.cluster = cluster;
	}

	/**
	 * Read a snapshot.
	 * @param snapshot the bytes
	 * @param cluster a cluster that has its functions, but no messages or states yet
	 * @return how much the runtime was ahead of the wall clock, in milliseconds
	 */
	static long read(byte[] snapshot, Cluster cluster) {
		requireIntact(snapshot);
		long ahead;
		try (DataInputStream in = new DataInputStream(
				new ByteArrayInputStream(snapshot, 0, snapshot.length - Snapshot.CHECKSUM_SIZE))) {
			ahead = new SnapshotReader(in, cluster).read();
		}
		catch (IOException | IllegalArgumentException | IndexOutOfBoundsException ex) {
			throw new SnapshotException("The snapshot can't be read: " + ex, ex);
		}
		cluster.resume();
		return ahead;
	}

	private long read() throws IOException {
		this.in.readInt();
		this.version = this.in.readInt();
		int generation = this.in.readByte();
		int expected = (this.cluster.dialect() == Dialect.V2) ? 2 : 3;
		if (generation != expected) {
			throw new SnapshotException("The snapshot is of a " + generation + ".x runtime, this is one of " + expected
					+ ".x; start without the snapshot", null);
		}
		long ahead = 0;
		if (this.version > Snapshot.WITHOUT_IDS) {
			this.cluster.ids().continueAfter(this.in.readLong());
			ahead = this.in.readLong();
		}
		int functions = this.in.readInt();
		for (int i = 0; i < functions; i++) {
			readFunction();
		}
		int delayed = this.in.readInt();
		for (int i = 0; i < delayed; i++) {
			readDelayed();
		}
		if (this.in.available() > 0) {
			throw new SnapshotException("The snapshot has " + this.in.available() + " bytes too many", null);
		}
		return ahead;
	}

	private static void requireIntact(byte[] snapshot) {
		if (snapshot.length < 8 + Snapshot.CHECKSUM_SIZE) {
			throw new SnapshotException("The snapshot of " + snapshot.length + " bytes is cut off", null);
		}
		try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(snapshot))) {
			if (in.readInt() != Snapshot.MAGIC) {
				throw new SnapshotException("These " + snapshot.length + " bytes are not a snapshot of a local runtime",
						null);
			}
			int version = in.readInt();
			if (version < Snapshot.WITHOUT_IDS || version > Snapshot.VERSION) {
				throw new SnapshotException("The snapshot has the version " + version + "; expected "
						+ Snapshot.WITHOUT_IDS + " to " + Snapshot.VERSION, null);
			}
			in.skipNBytes(snapshot.length - 8 - Snapshot.CHECKSUM_SIZE);
			CRC32C checksum = new CRC32C();
			checksum.update(snapshot, 0, snapshot.length - Snapshot.CHECKSUM_SIZE);
			if (in.readLong() != checksum.getValue()) {
				throw new SnapshotException(
						"The snapshot of " + snapshot.length + " bytes is damaged: its checksum does not match", null);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void readFunction() throws IOException {
		FunctionType type = FunctionType.of(readText(), readText());
		HostedFunction function = this.cluster.findOrRemember(type);
		int[] places = new int[this.in.readInt()];
		for (int i = 0; i < places.length; i++) {
			places[i] = readState(function);
		}
		int mailboxes = this.in.readInt();
		for (int i = 0; i < mailboxes; i++) {
			Mailbox mailbox = function.mailbox(readText());
			for (int place : places) {
				if (this.in.readBoolean()) {
					long touched = this.in.readLong();
					mailbox.value(place, readBytes(), touched);
				}
			}
			mailbox.restore(readMessages(), readMessages());
		}
	}

	private int readState(HostedFunction function) throws IOException {
		String name = readText();
		String typename = readText();
		Expiration.Mode mode = Expiration.Mode.values()[this.in.readByte()];
		Duration timeToLive = Duration.ofMillis(this.in.readLong());
		int place = function.indexOf(name);
		return (place < 0) ? function.add(new KeptState(name, typename, new Expiration(mode, timeToLive), false))
				: place;
	}

	private List<Message> readMessages() throws IOException {
		int count = this.in.readInt();
		List<Message> messages = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			messages.add(readMessage());
		}
		return messages;
	}

	private Message readMessage() throws IOException {
		long id = (this.version > Snapshot.WITHOUT_IDS) ? this.in.readLong() : this.cluster.ids().next();
		Address sender = this.in.readBoolean() ? readAddress() : null;
		return new Message(id, sender, readBytes());
	}

	private void readDelayed() throws IOException {
		long due = this.in.readLong();
		Address target = readAddress();
		Message message = readMessage();
		String token = readText();
		if (message.sender() == null) {
			throw new IOException("a delayed message without a sender");
		}
		this.cluster.delay(due, this.cluster.findOrRemember(target.type()), target.id(), message, token);
	}

	private Address readAddress() throws IOException {
		return Address.of(FunctionType.of(readText(), readText()), readText());
	}

	private String readText() throws IOException {
		return new String(readBytes(), StandardCharsets.UTF_8);
	}

	private byte[] readBytes() throws IOException {
		int length = this.in.readInt();
		if (length < 0 || length > this.in.available()) {
			throw new IOException("a field of " + length + " bytes where " + this.in.available() + " are left");
		}
		return this.in.readNBytes(length);
	}

}
