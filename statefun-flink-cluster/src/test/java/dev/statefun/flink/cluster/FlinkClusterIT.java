package dev.statefun.flink.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.StringValue;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.testing.Values;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests on real clusters.
 */
@Timeout(300)
class FlinkClusterIT {

	private static final Duration LIMIT = Duration.ofSeconds(90);

	private static final int IDS = 20;

	private final HttpClient http = HttpClient.newHttpClient();

	private final Map<String, Integer> sent = new TreeMap<>();

	@TempDir
	private Path folder;

	private CountingService service;

	@BeforeEach
	void startService() throws Exception {
		this.service = CountingService.start();
	}

	@AfterEach
	void stopService() {
		this.service.close();
	}

	// In every build, KillsOnClusterIT does this with the sample
	@Tag("soak")
	@Test
	void countsAreExactAfterKillsOf3x() throws IOException {
		countsAreExactAfterKills(FlinkRelease.STATEFUN_3_3);
	}

	@Tag("soak")
	@Test
	void countsAreExactAfterKillsOf2x() throws IOException {
		countsAreExactAfterKills(FlinkRelease.STATEFUN_2_2);
	}

	private void countsAreExactAfterKills(FlinkRelease release) throws IOException {
		try (FlinkCluster cluster = builder().release(release).taskManagers(2).start()) {
			cluster.submit(this.service.module(release));
			send(cluster, 500);
			awaitRecords(cluster, 100);
			cluster.killTaskManager(0);
			send(cluster, 500);
			assertThat(cluster.startTaskManager()).isZero();
			awaitRecords(cluster, 600);
			writeIncompleteCheckpoint();
			cluster.killJobManager();
			send(cluster, 500);
			awaitRecords(cluster, 1500);
			assertThat(cluster.jobStatus().isRunning()).isTrue();
			assertExact(cluster);
			assertThat(cluster.metrics()).containsKeys("numRestarts", "lastCheckpointSize", "uptime");
			cluster.send(Address.of(FunctionType.parse(CountingService.FUNCTION), "joe"),
					Values.text(CountingService.ELSEWHERE));
			await().atMost(LIMIT)
				.until(cluster::lastFailure, (failure) -> failure
					.startsWith("The function 'test/counter' sends to the egress 'test/elsewhere'"));
		}
	}

	// As a JobManager leaves it that is killed while it writes one
	private void writeIncompleteCheckpoint() throws IOException {
		try (Stream<Path> jobs = Files.list(this.folder.resolve("checkpoints"))) {
			Path checkpoint = jobs.findFirst().orElseThrow().resolve("chk-999999");
			Files.createDirectories(checkpoint);
			Files.write(checkpoint.resolve("_metadata"), HexFormat.of().parseHex("4960672d000000"));
		}
	}

	@Test
	void jobIsStoppedResumedAndRescaled(@TempDir Path other) throws IOException {
		String savepoint;
		try (FlinkCluster cluster = builder().taskManagers(2).parallelism(1).start()) {
			cluster.submit(this.service.module(FlinkRelease.STATEFUN_3_3));
			assertThat(cluster.jobStatus().isRunning()).isTrue();
			assertThatExceptionOfType(FlinkClusterException.class)
				.isThrownBy(() -> cluster.submit(this.service.module(FlinkRelease.STATEFUN_3_3)))
				.withMessageContaining("is RUNNING; stop it first");
			send(cluster, 200);
			awaitRecords(cluster, 200);
			await().atMost(LIMIT).until(cluster::checkpoints, (checkpoints) -> checkpoints > 0);
			assertThat(cluster.restarts()).isZero();
			assertThatExceptionOfType(FlinkClusterException.class).isThrownBy(() -> cluster.rescale(5))
				.withMessageStartingWith("Found the parallelism 5, expected at most 4");
			// Its end was not noticed yet
			cluster.killJobManager();
			savepoint = cluster.stopWithSavepoint();
			assertThat(cluster.jobStatus().hasEnded()).isTrue();
			assertThatExceptionOfType(FlinkClusterException.class)
				.isThrownBy(() -> cluster.submit(this.service.module(FlinkRelease.STATEFUN_3_3)))
				.withMessageContaining("has a savepoint or checkpoint of an earlier job");
			cluster.killJobManager();
			send(cluster, 200);
			cluster.resume(savepoint);
			awaitRecords(cluster, 400);
			cluster.rescale(3);
			send(cluster, 100);
			killTaskManagerFromOutside();
			send(cluster, 100);
			awaitRecords(cluster, 600);
			assertExact(cluster);
		}
		resumeWithOtherMessages(savepoint, other);
	}

	// It is started again, as the job needs three of the four slots
	private static void killTaskManagerFromOutside() throws IOException {
		for (ProcessHandle child : ProcessHandle.current().children().toList()) {
			if (Files.readString(Path.of("/proc", String.valueOf(child.pid()), "cmdline"), StandardCharsets.ISO_8859_1)
				.contains("TaskManagerRunner")) {
				await().atMost(LIMIT)
					.until(() -> child.info().startInstant().orElseThrow().plusSeconds(25).isBefore(Instant.now()));
				child.destroyForcibly();
				child.onExit().join();
				return;
			}
		}
		throw new AssertionError("There is no TaskManager");
	}

	private void resumeWithOtherMessages(String savepoint, Path folder) {
		try (FlinkCluster cluster = builder().folder(folder).start()) {
			cluster.submit(this.service.module(FlinkRelease.STATEFUN_3_3));
			cluster.stopWithSavepoint();
			assertThatExceptionOfType(FlinkClusterException.class).isThrownBy(() -> cluster.resume(savepoint))
				.withMessageContaining("of the ingress has 0 messages, but the job has read")
				.withMessageContaining("Use the folder that the savepoint was made with");
		}
	}

	@Test
	void messagesAndRecordsGoOverHttp() throws Exception {
		try (FlinkCluster cluster = builder()
			.descriptors(this.service.writeDescriptors(this.folder.resolve("messages.desc")))
			.start()) {
			assertThat(put(cluster, "/test/counter/joe", "text/plain", "early").statusCode()).as("before the job")
				.isEqualTo(404);
			cluster.submit(this.service.module(FlinkRelease.STATEFUN_3_3));
			assertThat(put(cluster, "/test/counter/joe", "text/plain", "hello").statusCode()).isEqualTo(200);
			assertThat(put(cluster, "/test/unknown/joe", "text/plain", "hello").body())
				.contains("There is no function 'test/unknown' here; there are [test/counter]");
			assertThat(put(cluster, "/test/counter/joe", "application/vnd.io.statefun.types/string+json", "\"json\"")
				.statusCode()).isEqualTo(200);
			assertThat(put(cluster, "/test/counter/joe",
					"application/vnd.type.googleapis.com/google.protobuf.SourceContext+json",
					"{\"fileName\": \"file\"}")
				.statusCode()).isEqualTo(200);
			assertThat(put(cluster, "/test/counter/joe", "application/vnd.example.User+json", "{}").body())
				.contains("there is no descriptor of that type");
			awaitRecords(cluster, 3);
			HttpResponse<String> record = this.http
				.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + cluster.egressPort() + "/test/counts"))
					.build(), HttpResponse.BodyHandlers.ofString());
			assertThat(record.body()).endsWith("joe 1 hello");
		}
	}

	private HttpResponse<String> put(FlinkCluster cluster, String path, String type, String body) throws Exception {
		return this.http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + cluster.ingressPort() + path))
			.header("Content-Type", type)
			.PUT(HttpRequest.BodyPublishers.ofString(body))
			.build(), HttpResponse.BodyHandlers.ofString());
	}

	private FlinkCluster.Builder builder() {
		return FlinkCluster.builder().folder(this.folder).egresses(CountingService.EGRESS);
	}

	private void send(FlinkCluster cluster, int messages) {
		for (int i = 0; i < messages; i++) {
			String id = "id-" + i % IDS;
			int number = this.sent.merge(id, 1, Integer::sum);
			cluster.send(Address.of(FunctionType.parse(CountingService.FUNCTION), id), Values.text("m" + number));
		}
	}

	private static void awaitRecords(FlinkCluster cluster, int number) {
		await().atMost(LIMIT).until(() -> cluster.records(CountingService.EGRESS).size(), (count) -> count >= number);
	}

	// Each message was counted once and in order, and each count has left once
	private void assertExact(FlinkCluster cluster) {
		Map<String, List<String>> counts = new TreeMap<>();
		for (CommittedRecord record : cluster.records(CountingService.EGRESS)) {
			String[] parts = text(record).split(" ");
			counts.computeIfAbsent(parts[0], (id) -> new ArrayList<>()).add(parts[1] + " " + parts[2]);
		}
		Map<String, List<String>> expected = new TreeMap<>();
		this.sent.forEach((id, number) -> {
			for (int i = 1; i <= number; i++) {
				expected.computeIfAbsent(id, (key) -> new ArrayList<>()).add(i + " m" + i);
			}
		});
		assertThat(counts).isEqualTo(expected);
	}

	// The type of texts has the same form as Google's
	private static String text(CommittedRecord record) {
		assertThat(record.value().getTypeUrl()).isEqualTo("io.statefun.types/string");
		try {
			return StringValue.parseFrom(record.value().getValue()).getValue();
		}
		catch (InvalidProtocolBufferException ex) {
			throw new AssertionError(ex);
		}
	}

}
