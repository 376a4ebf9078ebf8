package dev.statefun.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * A file with a snapshot. It is replaced whole or not at all, so whatever kills the
 * process leaves one that can be read.
 */
final class SnapshotFile {

	private final Path file;

	private final Path next;

	/** Digest of what the file has. */
	private byte @Nullable [] written;

	SnapshotFile(Path file) {
		this.file = file.toAbsolutePath();
		this.next = this.file.resolveSibling(this.file.getFileName() + ".next");
	}

	byte @Nullable [] read() throws IOException {
		if (Files.notExists(this.file)) {
			return null;
		}
		byte[] snapshot = Files.readAllBytes(this.file);
		this.written = digest(snapshot);
		return snapshot;
	}

	// As a write does it, so that a start-up fails where a write would
	void requireWritable() throws IOException {
		if (Files.isDirectory(this.file)) {
			throw new IOException("it is a directory");
		}
		Files.createDirectories(this.file.resolveSibling("."));
		Files.write(this.next, new byte[0]);
		Files.delete(this.next);
	}

	void write(byte[] snapshot) throws IOException {
		byte[] digest = digest(snapshot);
		if (Arrays.equals(digest, this.written) && Files.exists(this.file)) {
			return;
		}
		try (FileChannel channel = FileChannel.open(this.next, StandardOpenOption.CREATE,
				StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
			ByteBuffer buffer = ByteBuffer.wrap(snapshot);
			while (buffer.hasRemaining()) {
				channel.write(buffer);
			}
			// Before its name says that it is complete
			channel.force(true);
		}
		Files.move(this.next, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		this.written = digest;
	}

	// Not a checksum: one that is equal by chance would keep a change out of the file
	private static byte[] digest(byte[] snapshot) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(snapshot);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("This Java lacks SHA-256, which every Java has", ex);
		}
	}

	@Override
	public String toString() {
		return this.file.toString();
	}

}
