package dev.statefun.spring.boot.autoconfigure.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Internal: may change in any release. Writes a file completely or not at all: the
 * content goes to a new file beside it, then to the disk, then under its name. A killed
 * process, a full disk and several writers all leave one complete file.
 */
public final class AtomicFile {

	private static final Log logger = LogFactory.getLog(AtomicFile.class);

	private static final String OWNER = "rw-------";

	private final Path file;

	/**
	 * Create a writer.
	 * @param file the file
	 */
	public AtomicFile(Path file) {
		this.file = file.toAbsolutePath();
	}

	/**
	 * Replace the file, and keep its permissions. A new file gets the default
	 * permissions.
	 * @param content the content
	 * @throws IOException if that fails; the former content is kept
	 */
	public void write(byte[] content) throws IOException {
		requireReplaceable();
		replace(newFile(), content);
	}

	/**
	 * Replace the file by one that only its owner can read.
	 * @param content the content, with secrets or states in it
	 * @throws IOException if that fails; the former content is kept
	 */
	public void writePrivately(byte[] content) throws IOException {
		requireReplaceable();
		replace(newPrivateFile(), content);
	}

	/**
	 * Fail where {@link #writePrivately} would, without changing the file.
	 * @throws IOException if the file can't be written
	 */
	public void requireWritable() throws IOException {
		requireReplaceable();
		Files.delete(newPrivateFile());
	}

	// A link itself would be replaced, not its target, and a device would become a
	// file
	private void requireReplaceable() throws IOException {
		if (Files.isSymbolicLink(this.file)) {
			throw new IOException("it is a symbolic link to '" + Files.readSymbolicLink(this.file)
					+ "'; give the file that it leads to");
		}
		if (Files.isDirectory(this.file)) {
			throw new IOException("it is a directory");
		}
		if (Files.exists(this.file) && !Files.isRegularFile(this.file)) {
			throw new IOException("it is a device, not a file");
		}
	}

	private Path newFile() throws IOException {
		Path next = Files.createFile(randomSibling());
		if (hasPosixPermissions() && Files.exists(this.file)) {
			Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(this.file));
		}
		return next;
	}

	private Path newPrivateFile() throws IOException {
		if (hasPosixPermissions()) {
			return Files.createFile(randomSibling(),
					PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER)));
		}
		if (store().supportsFileAttributeView(AclFileAttributeView.class)) {
			return Files.createFile(randomSibling(), ownersAccess());
		}
		logger.warn("Others may be able to read '" + this.file
				+ "', which has secrets or states: its file system knows no permissions");
		return Files.createFile(randomSibling());
	}

	private boolean hasPosixPermissions() throws IOException {
		return store().supportsFileAttributeView(PosixFileAttributeView.class);
	}

	private FileStore store() throws IOException {
		return Files.getFileStore(this.file.resolveSibling("."));
	}

	private FileAttribute<List<AclEntry>> ownersAccess() throws IOException {
		AclEntry entry = AclEntry.newBuilder()
			.setType(AclEntryType.ALLOW)
			.setPrincipal(this.file.getFileSystem()
				.getUserPrincipalLookupService()
				.lookupPrincipalByName(System.getProperty("user.name")))
			.setPermissions(EnumSet.allOf(AclEntryPermission.class))
			.build();
		return new FileAttribute<>() {

			@Override
			public String name() {
				return "acl:acl";
			}

			@Override
			public List<AclEntry> value() {
				return List.of(entry);
			}

		};
	}

	// The name can't be guessed, so no link can be placed there in advance
	private Path randomSibling() {
		return this.file.resolveSibling("." + this.file.getFileName() + "." + UUID.randomUUID() + ".tmp");
	}

	private void replace(Path next, byte[] content) throws IOException {
		try {
			try (FileChannel channel = FileChannel.open(next,
					Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
				ByteBuffer buffer = ByteBuffer.wrap(content);
				while (buffer.hasRemaining()) {
					channel.write(buffer);
				}
				// Before the name makes it look complete
				channel.force(true);
			}
			move(next);
		}
		finally {
			Files.deleteIfExists(next);
		}
	}

	private void move(Path next) throws IOException {
		try {
			Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
		catch (FileSystemException ex) {
			if (ex.getReason() == null) {
				throw ex;
			}
			throw new IOException("it can't be replaced as a whole (" + ex.getReason()
					+ "), as is the case for a file that is mounted by itself; mount its directory, "
					+ "or write elsewhere and copy", ex);
		}
	}

	@Override
	public String toString() {
		return this.file.toString();
	}

}
