package dev.statefun.flink.job;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.VoidSerializer;
import org.apache.flink.streaming.api.functions.sink.TwoPhaseCommitSinkFunction;

/**
 * Hands the records of an egress to the launcher, once the checkpoint is complete that
 * contains their effects. Until then, they are in a file for each transaction.
 *
 * @param <T> type of the records
 */
final class EgressSink<T> extends TwoPhaseCommitSinkFunction<T, String, Void> {

	private static final long serialVersionUID = 1;

	private final Launcher launcher;

	private final String egress;

	private final String folder;

	private transient Map<String, OpenFile> open;

	EgressSink(Launcher launcher, String egress) {
		super(StringSerializer.INSTANCE, VoidSerializer.INSTANCE);
		this.launcher = launcher;
		this.egress = egress;
		this.folder = launcher.pendingFolder();
	}

	@Override
	protected String beginTransaction() {
		return UUID.randomUUID().toString();
	}

	// Generic with Flink 1.11 only
	@Override
	@SuppressWarnings("rawtypes")
	protected void invoke(String transaction, T record, Context context) throws IOException {
		if (this.open == null) {
			this.open = new HashMap<>();
		}
		OpenFile file = this.open.get(transaction);
		if (file == null) {
			file = new OpenFile(file(transaction));
			this.open.put(transaction, file);
		}
		write(this.egress.getBytes(StandardCharsets.UTF_8), file.out);
		write(Release.typename(record).getBytes(StandardCharsets.UTF_8), file.out);
		write(Release.value(record), file.out);
		write(Release.headers(record).toByteArray(), file.out);
	}

	private static void write(byte[] bytes, DataOutputStream out) throws IOException {
		out.writeInt(bytes.length);
		out.write(bytes);
	}

	@Override
	protected void preCommit(String transaction) throws IOException {
		OpenFile file = (this.open != null) ? this.open.remove(transaction) : null;
		if (file != null) {
			file.close();
		}
	}

	// Again after a failure, even if the launcher has the records already
	@Override
	protected void commit(String transaction) {
		Path file = file(transaction);
		try {
			// There is none without records, or once the launcher has them
			if (Files.exists(file)) {
				this.launcher.commit(transaction, file);
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not commit the records of " + this.egress, ex);
		}
	}

	@Override
	protected void abort(String transaction) {
		try {
			preCommit(transaction);
			Files.deleteIfExists(file(transaction));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not remove the records of " + this.egress, ex);
		}
	}

	private Path file(String transaction) {
		return Path.of(this.folder, transaction);
	}

	/**
	 * File of a transaction that is being written.
	 */
	private static final class OpenFile {

		private final FileOutputStream file;

		private final DataOutputStream out;

		private OpenFile(Path path) throws IOException {
			Files.createDirectories(path.getParent());
			this.file = new FileOutputStream(path.toFile());
			this.out = new DataOutputStream(new BufferedOutputStream(this.file, 1 << 16));
		}

		private void close() throws IOException {
			this.out.flush();
			this.file.getFD().sync();
			this.out.close();
		}

	}

}
