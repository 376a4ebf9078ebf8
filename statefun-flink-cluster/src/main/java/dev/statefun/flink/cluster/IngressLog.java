package dev.statefun.flink.cluster;

import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.protocol.HeaderFields;

/**
 * Messages from outside, in files that outlive this process. Messages for one function
 * instance stay in order, as they belong to one partition. A job reads them by offset:
 * the number of messages of a partition before the next one.
 * <p>
 * A message survives that this process is killed. Thread-safe.
 */
final class IngressLog implements AutoCloseable {

	private static final int BITS = 4;

	/** Number of partitions; changing it makes logs and savepoints useless. */
	static final int PARTITIONS = 1 << BITS;

	/** Part of the message about an offset beyond the end. */
	static final String OTHER_MESSAGES = "its savepoint belongs to another state folder";

	private static final int MAX_BYTES_OF_ANSWER = 1 << 20;

	private final List<Partition> partitions = new ArrayList<>();

	private final Object arrivals = new Object();

	private IngressLog() {
	}

	/**
	 * Open the log of a folder, or create one.
	 * @param folder the folder
	 * @return the log
	 * @throws IOException if its files can't be read or written
	 */
	static IngressLog open(Path folder) throws IOException {
		Files.createDirectories(folder);
		IngressLog log = new IngressLog();
		try {
			for (int i = 0; i < PARTITIONS; i++) {
				log.partitions.add(new Partition(folder.resolve("partition-" + i)));
			}
			return log;
		}
		catch (IOException ex) {
			log.close();
			throw ex;
		}
	}

	/**
	 * Append a message.
	 * @param target its target
	 * @param message the message
	 * @param headers its headers
	 * @throws IOException if it can't be written; it is not in the log then
	 */
	void append(Address target, Any message, Headers headers) throws IOException {
		List<byte[]> parts = new ArrayList<>(
				List.of(Parts.utf8(target.type().namespace()), Parts.utf8(target.type().name()),
						Parts.utf8(target.id()), Parts.utf8(message.getTypeUrl()), message.getValue().toByteArray()));
		if (!headers.isEmpty()) {
			parts.add(headers.toFields(HeaderFields.IN_MESSAGE));
		}
		this.partitions.get(partition(target)).append(Parts.join(parts.toArray(byte[][]::new)));
		synchronized (this.arrivals) {
			this.arrivals.notifyAll();
		}
	}

	// The same in every JVM, as files depend on it
	private static int partition(Address target) {
		int hash = 31 * target.type().toString().hashCode() + target.id().hashCode();
		return (hash * 0x9E3779B9) >>> (Integer.SIZE - BITS);
	}

	/**
	 * Write the next messages in the form that the job reads.
	 * @param offsets for each partition, its offset
	 * @param waitMillis how long to wait for a message if there is none
	 * @param out receives the messages
	 * @throws IOException if the log can't be read, or {@code out} can't be written
	 * @throws InterruptedException if the wait is interrupted
	 * @throws IllegalArgumentException if an offset is not one of this log
	 */
	void read(Map<Integer, Long> offsets, long waitMillis, DataOutputStream out)
			throws IOException, InterruptedException {
		requireOffsets(offsets);
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
		synchronized (this.arrivals) {
			long left = waitMillis;
			while (left > 0 && offsets.entrySet().stream().noneMatch(this::hasMore)) {
				this.arrivals.wait(left);
				left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
			}
		}
		List<byte[]> messages = new ArrayList<>();
		List<Integer> origins = new ArrayList<>();
		int share = MAX_BYTES_OF_ANSWER / offsets.size();
		for (Map.Entry<Integer, Long> entry : offsets.entrySet()) {
			List<byte[]> next = this.partitions.get(entry.getKey()).read(entry.getValue(), share);
			messages.addAll(next);
			next.forEach((message) -> origins.add(entry.getKey()));
		}
		out.writeInt(messages.size());
		for (int i = 0; i < messages.size(); i++) {
			out.writeInt(origins.get(i));
			out.writeInt(messages.get(i).length);
			out.write(messages.get(i));
		}
	}

	private boolean hasMore(Map.Entry<Integer, Long> offset) {
		return this.partitions.get(offset.getKey()).size() > offset.getValue();
	}

	private void requireOffsets(Map<Integer, Long> offsets) {
		offsets.forEach((partition, offset) -> {
			if (partition < 0 || partition >= PARTITIONS) {
				throw new IllegalArgumentException("There is no partition " + partition + " of " + PARTITIONS);
			}
			long size = this.partitions.get(partition).size();
			if (offset < 0 || offset > size) {
				throw new IllegalArgumentException("Partition " + partition + " of the ingress has " + size
						+ " messages, but the job has read " + offset + " of them: " + OTHER_MESSAGES
						+ ". Use the folder that the savepoint was made with");
			}
		});
	}

	/**
	 * Return the number of messages.
	 * @return the number
	 */
	long size() {
		return this.partitions.stream().mapToLong(Partition::size).sum();
	}

	@Override
	public void close() throws IOException {
		for (Partition partition : this.partitions) {
			partition.channel.close();
		}
	}

	/**
	 * One file: the length of each message, and its bytes.
	 */
	private static final class Partition {

		private final FileChannel channel;

		/** Position of each message, and that of the end. */
		private long[] positions = new long[16];

		private int size;

		private Partition(Path file) throws IOException {
			findMessages(file);
			this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
					StandardOpenOption.WRITE);
			// Part of a message whose sender got no answer
			this.channel.truncate(this.positions[this.size]);
		}

		private void findMessages(Path file) throws IOException {
			if (!Files.exists(file)) {
				return;
			}
			try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
				long end = in.length();
				long position = 0;
				while (position + Integer.BYTES <= end) {
					in.seek(position);
					position += Integer.BYTES + in.readInt();
					if (position <= end) {
						add(position);
					}
				}
			}
		}

		private void add(long end) {
			if (this.size + 1 == this.positions.length) {
				this.positions = Arrays.copyOf(this.positions, 2 * this.positions.length);
			}
			this.positions[++this.size] = end;
		}

		private synchronized long size() {
			return this.size;
		}

		private synchronized void append(byte[] message) throws IOException {
			long position = this.positions[this.size];
			ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + message.length);
			bytes.putInt(message.length).put(message).flip();
			long end = position + bytes.remaining();
			while (bytes.hasRemaining()) {
				position += this.channel.write(bytes, position);
			}
			add(end);
		}

		private synchronized List<byte[]> read(long offset, int maxBytes) throws IOException {
			List<byte[]> messages = new ArrayList<>();
			int bytes = 0;
			for (int i = (int) offset; i < this.size && (bytes < maxBytes || messages.isEmpty()); i++) {
				ByteBuffer message = ByteBuffer
					.allocate((int) (this.positions[i + 1] - this.positions[i]) - Integer.BYTES);
				long position = this.positions[i] + Integer.BYTES;
				while (message.hasRemaining()) {
					int count = this.channel.read(message, position);
					if (count < 0) {
						throw new EOFException("The ingress log ends within a message");
					}
					position += count;
				}
				messages.add(message.array());
				bytes += message.capacity();
			}
			return messages;
		}

	}

}
