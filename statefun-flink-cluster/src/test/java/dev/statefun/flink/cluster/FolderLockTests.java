package dev.statefun.flink.cluster;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FolderLock}.
 */
class FolderLockTests {

	@Test
	void folderIsUsedByOneClusterAtATime(@TempDir Path folder) throws Exception {
		FolderLock lock = FolderLock.take(folder);
		try {
			assertThatExceptionOfType(FlinkClusterException.class).isThrownBy(() -> FolderLock.take(folder))
				.withMessage(
						"The folder " + folder + " is used by another cluster; end that one, or use another folder");
		}
		finally {
			lock.close();
		}
		FolderLock.take(folder).close();
	}

}
