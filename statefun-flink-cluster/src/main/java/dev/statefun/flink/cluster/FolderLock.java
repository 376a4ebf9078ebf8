package dev.statefun.flink.cluster;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a second cluster from using the same folder. The system releases it with the
 * process.
 */
final class FolderLock implements AutoCloseable {

	/** Closing any channel of a file ends all locks that this process has on it. */
	private static final Set<Path> taken = ConcurrentHashMap.newKeySet();

	private final Path folder;

	private final FileChannel file;

	private FolderLock(Path folder, FileChannel file) {
		this.folder = folder;
		this.file = file;
	}

	static FolderLock take(Path folder) throws IOException {
		Path real = folder.toRealPath();
		if (!taken.add(real)) {
			throw refusal(folder);
		}
		try {
			return new FolderLock(real, lock(folder));
		}
		catch (IOException | RuntimeException ex) {
			taken.remove(real);
			throw ex;
		}
	}

	private static FileChannel lock(Path folder) throws IOException {
		FileChannel file = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE);
		if (file.tryLock() == null) {
			file.close();
			throw refusal(folder);
		}
		return file;
	}

	private static FlinkClusterException refusal(Path folder) {
		return new FlinkClusterException(
				"The folder " + folder + " is used by another cluster; end that one, or use another folder");
	}

	@Override
	public void close() throws IOException {
		try {
			this.file.close();
		}
		finally {
			taken.remove(this.folder);
		}
	}

}
