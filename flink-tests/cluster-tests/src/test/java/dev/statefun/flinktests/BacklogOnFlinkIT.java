package dev.statefun.flinktests;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import dev.statefun.flinktests.Traffic.End;
import dev.statefun.flinktests.task.Outside;
import dev.statefun.flinktests.task.SlowFunction;
import dev.statefun.flinktests.task.TaskApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for messages for one id that have accumulated, as after an outage: the cluster
 * sends them as one batch, which takes longer than OkHttp waits for a response.
 */
class BacklogOnFlinkIT {

	private static final String OUT = "task/out";

	private static final String SLOW = "task/slow";

	private static final String FORGETFUL = "task/forgetful";

	/** Below the number at which a cluster holds back its input. */
	private static final int ONE_BATCH = 600;

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private static final List<ConfigurableApplicationContext> SERVICES = new ArrayList<>();

	@BeforeAll
	static void startServices() {
		for (int i = 0; i < 2; i++) {
			SERVICES.add(SpringApplication.run(TaskApplication.class, "--server.port=0", "--server.address=127.0.0.1"));
		}
	}

	@AfterAll
	static void endServices() {
		SERVICES.forEach(ConfigurableApplicationContext::close);
	}

	@Test
	void backlogIsHandledOnEveryRuntime() {
		workOffOnEveryRuntime(ONE_BATCH);
	}

	@Tag("soak")
	@Test
	void backlogOfSeveralBatchesIsHandledOnEveryRuntime() {
		workOffOnEveryRuntime(5000);
	}

	// One waits while the next starts
	private static void workOffOnEveryRuntime(int messages) {
		ExecutorService threads = Executors.newCachedThreadPool();
		List<CompletableFuture<Void>> runs = new ArrayList<>();
		try {
			for (Deployment deployment : Deployment.values()) {
				String name = "backlog-" + messages + "-" + deployment;
				Cluster cluster = Cluster.start(name, deployment.release, deployment.moduleYaml, SERVICES.get(0));
				runs.add(CompletableFuture
					.runAsync(() -> workOff(deployment, cluster, new Backlog(cluster, name), messages), threads));
			}
		}
		finally {
			CompletableFuture.allOf(runs.toArray(CompletableFuture[]::new)).exceptionally((ex) -> null).join();
			threads.shutdown();
		}
		assertThat(runs).allSatisfy((run) -> assertThat(run).isCompleted());
	}

	private static void workOff(Deployment deployment, Cluster cluster, Backlog backlog, int messages) {
		try (cluster) {
			backlog.holdBack(ONE_BATCH);
			backlog.send(messages - ONE_BATCH);
			long begin = System.nanoTime();
			backlog.letGo(SERVICES.get(0));
			backlog.awaitHandled();
			System.out.printf("%s: %.1f s%n%s", backlog.id, (System.nanoTime() - begin) / 1e9,
					cluster.proxy().traffic());
			assertThat(backlog.handledBy(SERVICES.get(0))).isEqualTo(backlog.items());
			assertThat(cluster.proxy().traffic().statuses()).containsOnlyKeys(200);
			if (deployment != Deployment.V3_ASYNC) {
				assertThat(cluster.proxy().traffic().count(End.GIVEN_UP)).as("sent again").isPositive();
			}
		}
	}

	// The work of a batch takes 5 s: the second delivery reaches the other instance,
	// which starts again
	@Test
	void stateIsExactBehindALoadBalancerThatTakesSecondDeliveriesElsewhere() {
		String name = "backlog-balanced";
		Function<URI, String> moduleYaml = (endpoint) -> Deployment.v2(endpoint, Duration.ofSeconds(2));
		try (Cluster cluster = Cluster.start(name, Release.V2_2_2, moduleYaml,
				SERVICES.toArray(ConfigurableApplicationContext[]::new))) {
			List<Backlog> backlogs = IntStream.range(0, 3)
				.mapToObj((id) -> new Backlog(cluster, name + "-" + id))
				.toList();
			backlogs.forEach((backlog) -> backlog.holdBack(5000 / SlowFunction.MILLIS));
			backlogs.forEach((backlog) -> SERVICES.forEach(backlog::letGo));
			backlogs.forEach((backlog) -> backlog.send(50));
			backlogs.forEach(Backlog::awaitHandled);
			// A second application would show by then
			cluster.runtime().awaitCheckpoints(2, LIMIT);
			backlogs.forEach(Backlog::awaitHandled);
			int sent = 0;
			int handled = 0;
			for (Backlog backlog : backlogs) {
				sent += backlog.items().size();
				for (ConfigurableApplicationContext service : SERVICES) {
					handled += backlog.handledBy(service).size();
				}
			}
			System.out.printf("%s: %d messages were handled %d times%n%s", name, sent, handled,
					cluster.proxy().traffic());
			assertThat(handled).isGreaterThan(sent);
			assertThat(cluster.proxy().traffic().count(End.GIVEN_UP)).as("sent again").isPositive();
			assertThat(cluster.proxy().traffic().statuses().keySet()).isSubsetOf(200, 429);
		}
	}

	/**
	 * The runtimes and transports, with their default timeouts.
	 */
	enum Deployment {

		V3_ASYNC(Release.V3_3_0, (endpoint) -> ModuleYaml.v3(endpoint, "async", "task/*")),

		V3_OKHTTP(Release.V3_3_0, (endpoint) -> ModuleYaml.v3(endpoint, "okhttp", "task/*")),

		V2(Release.V2_2_2, (endpoint) -> v2(endpoint, Duration.ofSeconds(10)));

		private final Release release;

		private final Function<URI, String> moduleYaml;

		Deployment(Release release, Function<URI, String> moduleYaml) {
			this.release = release;
			this.moduleYaml = moduleYaml;
		}

		static String v2(URI endpoint, Duration read) {
			return ModuleYaml.v2OkHttp(endpoint, read, Map.of(FORGETFUL, List.of(), SLOW, List.of("count")));
		}

	}

	/**
	 * A runtime and the proxy through which it reaches the services.
	 *
	 * @param proxy the proxy
	 * @param runtime the runtime
	 */
	private record Cluster(RecordingProxy proxy, FlinkStatefunRuntime runtime) implements AutoCloseable {

		static Cluster start(String name, Release release, Function<URI, String> moduleYaml,
				ConfigurableApplicationContext... services) {
			RecordingProxy proxy = RecordingProxy.start(Stream.of(services).map(Cluster::endpoint).toArray(URI[]::new));
			try {
				FlinkStatefunRuntime runtime = FlinkStatefunRuntime.of(release, moduleYaml.apply(proxy.endpoint()))
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

		private static URI endpoint(ConfigurableApplicationContext service) {
			int port = ((WebServerApplicationContext) service).getWebServer().getPort();
			return URI.create("http://127.0.0.1:" + port + "/statefun");
		}

		void send(String function, String id, String item, String gate) {
			this.runtime.send(function, id, "task/Task",
					ByteString.copyFromUtf8("{\"item\":\"%s\",\"gate\":\"%s\"}".formatted(item, gate)));
		}

		List<String> reported(String function, String id) {
			return this.runtime.egress(OUT)
				.stream()
				.map((record) -> KafkaRecord.parse(record.value()))
				.filter((record) -> record.key().equals(function + "/" + id))
				.map(KafkaRecord::value)
				.toList();
		}

		void awaitReported(String function, String id, int count, Duration limit) {
			await("%d records of %s/%s".formatted(count, function, id)).atMost(limit)
				.failFast(this.runtime::assertRunning)
				.untilAsserted(() -> assertThat(reported(function, id)).hasSizeGreaterThanOrEqualTo(count));
		}

		@Override
		public void close() {
			this.runtime.close();
			this.proxy.close();
		}

	}

	/**
	 * Messages for one id.
	 */
	private static final class Backlog {

		private final Cluster cluster;

		private final String id;

		private final List<String> items = new ArrayList<>();

		private Backlog(Cluster cluster, String id) {
			this.cluster = cluster;
			this.id = id;
		}

		/**
		 * Send messages of which the first is handled until {@link #letGo}, and wait
		 * until all have reached the function, where the others form one batch.
		 * @param messages number of messages
		 */
		void holdBack(int messages) {
			// 3.x makes its task wait for the first request of a function
			for (String function : List.of(SLOW, FORGETFUL)) {
				this.cluster.send(function, this.id + "-warm-up", "warm-up", Outside.OPEN);
				this.cluster.awaitReported(function, this.id + "-warm-up", 1, LIMIT);
			}
			send(1, this.id);
			send(messages - 1);
			this.cluster.send(FORGETFUL, this.id, "sent after them", Outside.OPEN);
			this.cluster.awaitReported(FORGETFUL, this.id, 1, LIMIT);
		}

		void send(int messages) {
			send(messages, Outside.OPEN);
		}

		private void send(int messages, String gate) {
			for (int i = 0; i < messages; i++) {
				String item = "message " + this.items.size();
				this.items.add(item);
				this.cluster.send(SLOW, this.id, item, gate);
			}
		}

		void letGo(ConfigurableApplicationContext service) {
			service.getBean(Outside.class).open(this.id);
		}

		List<String> items() {
			return this.items;
		}

		List<String> handledBy(ConfigurableApplicationContext service) {
			return service.getBean(Outside.class).handled(SLOW + "/" + this.id);
		}

		// Twice the time of the work allows for a busy machine
		void awaitHandled() {
			int count = this.items.size();
			this.cluster.awaitReported(SLOW, this.id, count,
					Duration.ofMillis(2L * SlowFunction.MILLIS * count).plusSeconds(30));
			List<String> expected = IntStream.range(0, count)
				.mapToObj((i) -> (i + 1) + " " + this.items.get(i))
				.toList();
			assertThat(this.cluster.reported(SLOW, this.id)).isEqualTo(expected);
			assertThat(this.cluster.runtime().restarts()).isZero();
		}

	}

}
