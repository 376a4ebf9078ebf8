package dev.statefun.flinktests;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

import com.google.protobuf.ByteString;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.flinktests.Traffic.End;
import dev.statefun.flinktests.task.Outside;
import dev.statefun.flinktests.task.TaskApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for handlers that take longer than OkHttp waits: the cluster gives up the request
 * and sends it again while it is still being handled.
 */
class SecondDeliveriesOnFlinkIT {

	private static final String OUT = "task/out";

	private static final List<String> SLOW = List.of("task/blocking", "task/stage");

	private static final String FORGETFUL = "task/forgetful";

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private static ConfigurableApplicationContext service;

	@BeforeAll
	static void startService() {
		service = SpringApplication.run(TaskApplication.class, "--server.port=0", "--server.address=127.0.0.1",
				"--statefun.batch-timeout=50s");
	}

	@AfterAll
	static void endService() {
		if (service != null) {
			service.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void batchesThatAreSentAgainMeanwhileAreHandledOnce(Deployment deployment) {
		String name = "second-" + deployment;
		try (Cluster cluster = Cluster.start(deployment, Duration.ofSeconds(1), name)) {
			sendSlowBatches(cluster, name, 3);
			loseReplies(cluster, name);
			sendEqualMessages(cluster, name);
		}
	}

	@Tag("soak")
	@ParameterizedTest
	@EnumSource
	void batchesThatAreSentAgainAfterTenSecondsAreHandledOnce(Deployment deployment) {
		String name = "second-after-10s-" + deployment;
		try (Cluster cluster = Cluster.start(deployment, Duration.ofSeconds(10), name)) {
			sendSlowBatches(cluster, name, 10);
		}
	}

	private static void sendSlowBatches(Cluster cluster, String name, int ids) {
		List<Instance> instances = new ArrayList<>();
		for (String function : SLOW) {
			// 3.x makes its task wait for the first request of a function
			Instance first = new Instance(cluster, function, name + "-warm-up");
			first.send("warm-up", Outside.OPEN);
			await().atMost(LIMIT)
				.failFast(cluster.runtime()::assertRunning)
				.untilAsserted(() -> assertThat(first.reported()).hasSize(1));
			for (int id = 0; id < ids; id++) {
				instances.add(new Instance(cluster, function, name + "-" + id));
			}
		}
		String one = name + "-one";
		String three = name + "-three";
		instances.forEach((instance) -> instance.send("one", one));
		// Messages that arrive meanwhile form one batch
		instances.forEach((instance) -> {
			instance.send("two", Outside.OPEN);
			instance.send("three", three);
			instance.send("four", Outside.OPEN);
		});
		awaitSentAgain(cluster, instances);
		outside().open(one);
		instances.forEach((instance) -> await().atMost(LIMIT)
			.failFast(cluster.runtime()::assertRunning)
			.untilAsserted(() -> assertThat(outside().handled(instance.self())).contains("three")));
		awaitSentAgain(cluster, instances);
		outside().open(three);
		instances.forEach((instance) -> await().atMost(LIMIT)
			.failFast(cluster.runtime()::assertRunning)
			.untilAsserted(() -> assertThat(instance.reported()).hasSizeGreaterThanOrEqualTo(4)));
		// A second execution would show by then
		cluster.runtime().awaitCheckpoints(2, LIMIT);
		System.out.printf("%s: %d ids%n%s", name, instances.size(), cluster.proxy().traffic());
		assertThat(instances).extracting(Instance::reported)
			.containsOnly(List.of("1 one", "2 two", "3 three", "4 four"));
		assertThat(instances).extracting(Instance::self)
			.extracting(outside()::handled)
			.containsOnly(List.of("one", "two", "three", "four"));
		assertThat(cluster.proxy().traffic().statuses()).containsOnlyKeys(200);
	}

	// Twice for each, so that a request that joined an earlier one is given up too.
	// The reply must come while one waits for it: a service can't notice that an
	// earlier one did not get it
	private static void awaitSentAgain(Cluster cluster, List<Instance> instances) {
		long givenUp = cluster.proxy().traffic().count(End.GIVEN_UP);
		long joined = redeliveries().joined();
		await("second deliveries").atMost(LIMIT)
			.failFast(cluster.runtime()::assertRunning)
			.untilAsserted(
					() -> assertThat(redeliveries().joined()).isGreaterThanOrEqualTo(joined + 2 * instances.size()));
		assertThat(cluster.proxy().traffic().count(End.GIVEN_UP))
			.isGreaterThanOrEqualTo(givenUp + 2 * instances.size());
	}

	// The second delivery arrives when the first has just ended and its reply was
	// written
	private static void loseReplies(Cluster cluster, String name) {
		for (String function : SLOW) {
			Instance instance = new Instance(cluster, function, name + "-lost");
			String gate = name + function;
			instance.send("lost", gate);
			await().atMost(LIMIT)
				.failFast(cluster.runtime()::assertRunning)
				.untilAsserted(() -> assertThat(outside().handled(instance.self())).isNotEmpty());
			cluster.proxy().loseResponse();
			outside().open(gate);
			await().atMost(LIMIT)
				.failFast(cluster.runtime()::assertRunning)
				.untilAsserted(() -> assertThat(instance.reported()).containsExactly("1 lost"));
			assertThat(outside().handled(instance.self())).as("at least once").containsExactly("lost", "lost");
		}
		assertThat(cluster.proxy().traffic().count(End.BEFORE_RESPONSE)).as("lost").isEqualTo(SLOW.size());
	}

	// Equal requests look like second deliveries, but each earlier one was answered
	private static void sendEqualMessages(Cluster cluster, String name) {
		Instance instance = new Instance(cluster, FORGETFUL, name + "-equal");
		for (int i = 1; i <= 5; i++) {
			instance.send("same", Outside.OPEN);
			List<String> expected = Collections.nCopies(i, "same");
			await().atMost(LIMIT)
				.failFast(cluster.runtime()::assertRunning)
				.untilAsserted(() -> assertThat(instance.reported()).isEqualTo(expected));
			assertThat(outside().handled(instance.self())).isEqualTo(expected);
		}
	}

	private static URI endpoint() {
		int port = ((WebServerApplicationContext) service).getWebServer().getPort();
		return URI.create("http://127.0.0.1:" + port + "/statefun");
	}

	private static Redeliveries redeliveries() {
		return service.getBean(Redeliveries.class);
	}

	private static Outside outside() {
		return service.getBean(Outside.class);
	}

	/**
	 * The runtimes that use OkHttp.
	 */
	enum Deployment {

		V3(Release.V3_3_0, (endpoint, read) -> ModuleYaml.v3OkHttp(endpoint, read, "task/*")),

		V2(Release.V2_2_2, (endpoint, read) -> ModuleYaml.v2OkHttp(endpoint, read,
				Map.of(FORGETFUL, List.of(), SLOW.get(0), List.of("count"), SLOW.get(1), List.of("count"))));

		private final Release release;

		private final BiFunction<URI, Duration, String> moduleYaml;

		Deployment(Release release, BiFunction<URI, Duration, String> moduleYaml) {
			this.release = release;
			this.moduleYaml = moduleYaml;
		}

	}

	/**
	 * A runtime and the proxy through which it reaches the service.
	 *
	 * @param proxy the proxy
	 * @param runtime the runtime
	 */
	private record Cluster(RecordingProxy proxy, FlinkStatefunRuntime runtime) implements AutoCloseable {

		static Cluster start(Deployment deployment, Duration read, String name) {
			RecordingProxy proxy = RecordingProxy.start(endpoint());
			try {
				FlinkStatefunRuntime runtime = FlinkStatefunRuntime
					.of(deployment.release, deployment.moduleYaml.apply(proxy.endpoint(), read))
					.egress(OUT)
					.parallelism(1)
					.start(Path.of("target/flink", name));
				return new Cluster(proxy, runtime);
			}
			catch (RuntimeException | AssertionError ex) {
				proxy.close();
				throw ex;
			}
		}

		@Override
		public void close() {
			this.runtime.close();
			this.proxy.close();
		}

	}

	/**
	 * An instance of a function behind a runtime.
	 *
	 * @param cluster the runtime
	 * @param function the {@code <namespace>/<name>}
	 * @param id the id
	 */
	private record Instance(Cluster cluster, String function, String id) {

		String self() {
			return this.function + "/" + this.id;
		}

		void send(String item, String gate) {
			this.cluster.runtime()
				.send(this.function, this.id, "task/Task",
						ByteString.copyFromUtf8("{\"item\":\"%s\",\"gate\":\"%s\"}".formatted(item, gate)));
		}

		List<String> reported() {
			return this.cluster.runtime()
				.egress(OUT)
				.stream()
				.map((record) -> KafkaRecord.parse(record.value()))
				.filter((record) -> record.key().equals(self()))
				.map(KafkaRecord::value)
				.toList();
		}

	}

}
