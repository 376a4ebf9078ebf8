package dev.statefun.flink.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.local.playground.PlaygroundTopics;
import dev.statefun.sdk.Headers;

/**
 * Records of committed transactions, in a file that outlives this process. A transaction
 * that is committed again is ignored.
 * <p>
 * Thread-safe.
 */
final class EgressLog implements AutoCloseable {

	/** Egress, type, value and headers. */
	private static final int PARTS_OF_RECORD = 4;

	private final FileChannel file;

	private final Set<String> transactions = new HashSet<>();

	private final Map<String, List<CommittedRecord>> records = new HashMap<>();

	private final PlaygroundTopics topics;

	private long end;

	private EgressLog(FileChannel file, PlaygroundTopics topics) {
		this.file = file;
		this.topics = topics;
	}

	/**
	 * Open the log of a folder, or create one.
	 * @param folder the folder
	 * @param topics receive the records that are committed from now on
	 * @return the log
	 * @throws IOException if its file can't be read or written
	 */
	static EgressLog open(Path folder, PlaygroundTopics topics) throws IOException {
		Files.createDirectories(folder);
		Path file = folder.resolve("records");
		EgressLog log = new EgressLog(
				FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
				topics);
		try {
			log.readAll();
			return log;
		}
		catch (IllegalArgumentException ex) {
			log.close();
			throw new IOException("The file '" + file
					+ "' was written by another version of this library; use another folder. " + ex.getMessage(), ex);
		}
		catch (IOException | RuntimeException ex) {
			log.close();
			throw ex;
		}
	}

	private void readAll() throws IOException {
		long size = this.file.size();
		while (this.end + Integer.BYTES <= size) {
			int length = read(this.end, Integer.BYTES).getInt();
			if (this.end + Integer.BYTES + length > size) {
				break;
			}
			List<byte[]> parts = Parts.split(read(this.end + Integer.BYTES, length).array());
			requireWhole(parts);
			add(parts);
			this.end += Integer.BYTES + length;
		}
		// Part of a transaction that was not confirmed
		this.file.truncate(this.end);
	}

	private ByteBuffer read(long position, int length) throws IOException {
		ByteBuffer bytes = ByteBuffer.allocate(length);
		while (bytes.hasRemaining() && this.file.read(bytes, position + bytes.position()) >= 0) {
			// Continue
		}
		return bytes.flip();
	}

	/**
	 * Commit a transaction.
	 * @param transaction its id
	 * @param content its records, each as egress, type, value and headers
	 * @throws IOException if it can't be written; it is not committed then
	 * @throws IllegalArgumentException if the records are not whole
	 */
	synchronized void commit(String transaction, byte[] content) throws IOException {
		if (this.transactions.contains(transaction)) {
			return;
		}
		List<byte[]> parts = new ArrayList<>(List.of(Parts.utf8(transaction)));
		parts.addAll(Parts.split(content));
		requireWhole(parts);
		byte[] joined = Parts.join(parts.toArray(byte[][]::new));
		ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + joined.length);
		bytes.putInt(joined.length).put(joined).flip();
		long position = this.end;
		while (bytes.hasRemaining()) {
			position += this.file.write(bytes, position);
		}
		this.end = position;
		add(parts).forEach((record) -> this.topics.add(record.egress(), record.value(), record.headers()));
	}

	private static void requireWhole(List<byte[]> parts) {
		if (parts.size() % PARTS_OF_RECORD != 1) {
			throw new IllegalArgumentException(
					"Found " + (parts.size() - 1) + " parts of records, expected " + PARTS_OF_RECORD + " for each");
		}
	}

	private List<CommittedRecord> add(List<byte[]> parts) {
		List<CommittedRecord> added = new ArrayList<>();
		this.transactions.add(Parts.text(parts.get(0)));
		for (int i = 1; i < parts.size(); i += PARTS_OF_RECORD) {
			CommittedRecord record = new CommittedRecord(Parts.text(parts.get(i)),
					Any.newBuilder()
						.setTypeUrl(Parts.text(parts.get(i + 1)))
						.setValue(ByteString.copyFrom(parts.get(i + 2)))
						.build(),
					Headers.ofMessage(parts.get(i + 3)));
			this.records.computeIfAbsent(record.egress(), (egress) -> new ArrayList<>()).add(record);
			added.add(record);
		}
		return added;
	}

	/**
	 * Return the records of an egress.
	 * @param egress the egress
	 * @return its records so far, in the order of their commits
	 */
	synchronized List<CommittedRecord> records(String egress) {
		return List.copyOf(this.records.getOrDefault(egress, List.of()));
	}

	@Override
	public void close() throws IOException {
		this.file.close();
	}

}
