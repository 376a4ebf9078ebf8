package dev.statefun.flink.cluster;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second cluster from using the same folder. The system releases it with the
 * process.
 */
final class FolderLock implements AutoCloseable {

	private final FileChannel file;

	private FolderLock(FileChannel file) {
		this.file = file;
	}

	static FolderLock take(Path folder) throws IOException {
		FileChannel file = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE);
		if (!isLocked(file)) {
			file.close();
			throw new FlinkClusterException(
					"The folder " + folder + " is used by another cluster; end that one, or use another folder");
		}
		return new FolderLock(file);
	}

	private static boolean isLocked(FileChannel file) throws IOException {
		try {
			return file.tryLock() != null;
		}
		catch (OverlappingFileLockException ex) {
			// Taken by another cluster of this process
			return false;
		}
	}

	@Override
	public void close() throws IOException {
		this.file.close();
	}

}
