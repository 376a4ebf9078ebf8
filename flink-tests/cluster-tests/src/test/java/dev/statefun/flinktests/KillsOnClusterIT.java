package dev.statefun.flinktests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.google.protobuf.Any;
import dev.statefun.flink.cluster.CommittedRecord;
import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the packaged sample on a cluster of several JVMs, any of which is killed while
 * messages are under way: each must be greeted once and in order.
 */
class KillsOnClusterIT {

	private static final Duration LIMIT = Duration.ofMinutes(3);

	private static final FunctionType COUNT = FunctionType.of("example", "count");

	private static final String GREETS = "example/greets";

	@TempDir
	private Path folder;

	@Test
	@Timeout(240)
	void eachKindOfJvmIsKilledOnce() throws Exception {
		try (Run run = Run.start(this.folder, 40)) {
			run.send(1_000);
			run.killTaskManager();
			run.send(1_000);
			run.restartApplication();
			run.send(1_000);
			run.cluster.killJobManager();
			run.send(1_000);
			run.assertExact();
		}
	}

	@Tag("soak")
	@Test
	@Timeout(900)
	void jvmsAreKilledAgainAndAgain() throws Exception {
		try (Run run = Run.start(this.folder, 200)) {
			for (int kill = 0; kill < 2; kill++) {
				run.send(3_000);
				run.killTaskManager();
			}
			run.send(3_000);
			run.restartApplication();
			run.send(3_000);
			run.cluster.killJobManager();
			run.send(4_000);
			run.killTaskManager();
			run.send(4_000);
			run.assertExact();
			assertThat(run.jvms()).hasSize(3);
			long megabytes = Run.residentMegabytes(run.jvms());
			System.out.printf("memory of the three JVMs: %d MB%n", megabytes);
			assertThat(megabytes).isLessThanOrEqualTo(1024);
		}
	}

	/**
	 * The sample and its cluster.
	 */
	private static final class Run implements AutoCloseable {

		private final SampleService sample;

		private final FlinkCluster cluster;

		private final int ids;

		private int sent;

		private Run(SampleService sample, FlinkCluster cluster, int ids) {
			this.sample = sample;
			this.cluster = cluster;
			this.ids = ids;
		}

		private static Run start(Path folder, int ids) throws IOException {
			Path directory = Path.of("target/flink/kills");
			SampleService sample = SampleService.start(directory);
			try {
				FlinkCluster cluster = FlinkCluster.builder().taskManagers(2).folder(folder).start();
				Run run = new Run(sample, cluster, ids);
				cluster.submit(Files.readString(Path.of("../../sample-app/module-v3.yaml"))
					.replace("http://localhost:8080/statefun", sample.endpoint().toString()));
				return run;
			}
			catch (Throwable ex) {
				sample.close();
				throw ex;
			}
		}

		private void send(int messages) {
			for (int i = 0; i < messages; i++) {
				String id = "id-" + this.sent % this.ids;
				this.cluster.send(Address.of(COUNT, id), user(id));
				this.sent++;
			}
			// Some of them are under way then
			int half = this.sent - messages / 2;
			awaitRecords(half);
		}

		private static Any user(String id) {
			return Any.newBuilder().setTypeUrl(ExampleMessages.USER).setValue(ExampleMessages.user(id, id)).build();
		}

		private void awaitRecords(int number) {
			CommittedRecords.awaitRecords(this.cluster, GREETS, number, LIMIT);
		}

		private void killTaskManager() {
			this.cluster.killTaskManager(0);
			this.cluster.startTaskManager();
		}

		private void restartApplication() {
			this.sample.kill();
			this.sample.restart();
		}

		private void assertExact() {
			awaitRecords(this.sent);
			Greetings greetings = new Greetings(() -> {
			});
			for (CommittedRecord record : this.cluster.records(GREETS)) {
				greetings.accept(new EgressRecord(record.value().getTypeUrl(), record.value().getValue()));
			}
			assertThat(greetings.unexpected()).isEmpty();
			Map<String, Integer> expected = IntStream.range(0, this.sent)
				.boxed()
				.collect(Collectors.toMap((i) -> "id-" + i % this.ids, (i) -> 1, Integer::sum));
			assertThat(greetings.countsById()).isEqualTo(expected);
			assertThat(this.cluster.jobStatus().isRunning()).isTrue();
		}

		private List<Path> jvms() {
			return ProcessHandle.current()
				.children()
				.map((child) -> Path.of("/proc", String.valueOf(child.pid())))
				.filter(Run::isOfFlink)
				.toList();
		}

		// Not by the information of the handle, which has only the begin of a long line
		private static boolean isOfFlink(Path process) {
			try {
				return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
					.contains("org.apache.flink.runtime");
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private static long residentMegabytes(List<Path> jvms) throws IOException {
			long kilobytes = 0;
			for (Path jvm : jvms) {
				kilobytes += Files.readAllLines(jvm.resolve("status"))
					.stream()
					.filter((line) -> line.startsWith("VmRSS:"))
					.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
					.sum();
			}
			return kilobytes / 1024;
		}

		@Override
		public void close() {
			this.cluster.close();
			this.sample.close();
		}

	}

}
