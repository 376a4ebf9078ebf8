package dev.statefun.spring.boot.autoconfigure.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link AtomicFile}.
 */
class AtomicFileTests {

	@TempDir
	private Path directory;

	@Test
	void contentIsReplacedWithoutLeftovers() throws Exception {
		Path file = this.directory.resolve("module.yaml");
		new AtomicFile(file).write("first, and long".getBytes());
		new AtomicFile(file).write("second".getBytes());
		assertThat(file).hasContent("second");
		assertThat(names()).containsExactly("module.yaml");
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void privateFileIsReadableOnlyByItsOwner() throws Exception {
		Path file = this.directory.resolve("states.bin");
		Files.writeString(file, "open to all");
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
		new AtomicFile(file).writePrivately("states".getBytes());
		assertThat(permissions(file)).isEqualTo("rw-------");
		assertThat(file).hasContent("states");
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void otherFileKeepsItsPermissions() throws Exception {
		Path file = this.directory.resolve("module.yaml");
		Path usual = Files.createFile(this.directory.resolve("usual"));
		new AtomicFile(file).write("a".getBytes());
		assertThat(permissions(file)).isEqualTo(permissions(usual));
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
		new AtomicFile(file).write("b".getBytes());
		assertThat(permissions(file)).isEqualTo("rw-rw-r--");
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void symbolicLinkIsRejectedByName() throws Exception {
		Path target = Files.writeString(this.directory.resolve("target"), "precious");
		Path link = Files.createSymbolicLink(this.directory.resolve("module.yaml"), target);
		AtomicFile file = new AtomicFile(link);
		assertThatIOException().isThrownBy(() -> file.write("x".getBytes()))
			.withMessage("it is a symbolic link to '" + target + "'; give the file that it leads to");
		assertThatIOException().isThrownBy(() -> file.writePrivately("x".getBytes()));
		assertThatIOException().isThrownBy(file::requireWritable);
		assertThat(target).hasContent("precious");
		assertThat(names()).containsExactly("module.yaml", "target");
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void linkAtTheFormerTemporaryNameIsUntouched() throws Exception {
		Path precious = Files.writeString(this.directory.resolve("precious"), "precious");
		Files.createSymbolicLink(this.directory.resolve("states.bin.next"), precious);
		new AtomicFile(this.directory.resolve("states.bin")).writePrivately("states".getBytes());
		new AtomicFile(this.directory.resolve("states.bin")).requireWritable();
		assertThat(precious).hasContent("precious");
	}

	@Test
	void directoryIsRefused() {
		assertThatIOException().isThrownBy(() -> new AtomicFile(this.directory).write("x".getBytes()))
			.withMessage("it is a directory");
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void deviceIsRefused() {
		assertThatIOException().isThrownBy(() -> new AtomicFile(Path.of("/dev/null")).write("x".getBytes()))
			.withMessage("it is a device, not a file");
	}

	@Test
	void missingDirectoryIsAnError() {
		assertThatIOException()
			.isThrownBy(() -> new AtomicFile(this.directory.resolve("none/module.yaml")).write("x".getBytes()));
	}

	@Test
	void concurrentWritersLeaveOneCompleteFile() throws Exception {
		Path file = this.directory.resolve("module.yaml");
		List<String> contents = Stream.of("a", "b", "c", "d").map((letter) -> letter.repeat(100_000)).toList();
		ExecutorService writers = Executors.newFixedThreadPool(contents.size());
		CountDownLatch start = new CountDownLatch(contents.size());
		try {
			List<Future<?>> written = new ArrayList<>();
			for (String content : contents) {
				written.add(writers.submit(() -> {
					start.countDown();
					start.await();
					for (int i = 0; i < 20; i++) {
						new AtomicFile(file).write(content.getBytes());
						assertThat(Files.readString(file)).isIn(contents);
					}
					return null;
				}));
			}
			for (Future<?> writer : written) {
				writer.get();
			}
		}
		finally {
			writers.shutdownNow();
		}
		assertThat(Files.readString(file)).isIn(contents);
		assertThat(names()).containsExactly("module.yaml");
	}

	private List<String> names() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.map((file) -> file.getFileName().toString()).sorted().toList();
		}
	}

	private static String permissions(Path file) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
	}

}
