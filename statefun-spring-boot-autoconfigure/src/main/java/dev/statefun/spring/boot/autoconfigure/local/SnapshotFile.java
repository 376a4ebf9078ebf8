package dev.statefun.spring.boot.autoconfigure.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

import dev.statefun.spring.boot.autoconfigure.internal.AtomicFile;
import org.jspecify.annotations.Nullable;

/**
 * Snapshot file that only its owner can read.
 */
final class SnapshotFile {

	private final Path file;

	private final AtomicFile writer;

	/** Digest of the file's content. */
	private byte @Nullable [] written;

	SnapshotFile(Path file) {
		this.file = file.toAbsolutePath();
		this.writer = new AtomicFile(file);
	}

	byte @Nullable [] read() throws IOException {
		if (Files.notExists(this.file)) {
			return null;
		}
		byte[] snapshot = Files.readAllBytes(this.file);
		this.written = digest(snapshot);
		return snapshot;
	}

	// Like a write, so that the start-up fails where a write would
	void requireWritable() throws IOException {
		Files.createDirectories(this.file.resolveSibling("."));
		this.writer.requireWritable();
	}

	void write(byte[] snapshot) throws IOException {
		byte[] digest = digest(snapshot);
		if (Arrays.equals(digest, this.written) && Files.exists(this.file)) {
			return;
		}
		this.writer.writePrivately(snapshot);
		this.written = digest;
	}

	// Not a checksum: a collision would keep a change out of the file
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
