package dev.statefun.flinktests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.flinktests.GatewayContract.Answers;
import dev.statefun.flinktests.gateway.GatewayApplication;
import dev.statefun.flinktests.gateway.GatewayInstance;
import dev.statefun.module.ModuleFormat;
import dev.statefun.testing.KafkaProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;

/**
 * Two instances of a service make requests by 32 threads, while an instance, a
 * TaskManager and the broker are killed.
 */
@Tag("soak")
class GatewaySoakIT {

	private static final Duration LIMIT = Duration.ofMinutes(15);

	/** Part of the requests to make, for busy machines. */
	private static final int PERCENT = Integer.getInteger("gateway.soak.percent", 100);

	@TempDir
	private Path folder;

	@Test
	@Timeout(1_200)
	void eachFastRequestHasOneEffect() throws Exception {
		int requests = 20_000 / 100 * PERCENT;
		try (Run run = new Run(this.folder, "fast", requests)) {
			run.killOneAfterTheOther();
			run.answers().assertOneEffectEach(run.contract().histories(requests));
		}
	}

	@Test
	@Timeout(1_200)
	void eachCommittedReplyIsThatOfTheHistory() throws Exception {
		int requests = 5_000 / 100 * PERCENT;
		try (Run run = new Run(this.folder, "committed", requests)) {
			run.killOneAfterTheOther();
			run.answers().assertAsIn(run.contract().histories(requests));
		}
	}

	/**
	 * Broker, cluster and instances. The first instance serves the cluster.
	 */
	private static final class Run implements AutoCloseable {

		private final List<Runnable> ends = new ArrayList<>();

		private final Path folder;

		private final int requests;

		private final String replies;

		private final KafkaProcess kafka;

		private final FlinkCluster cluster;

		private final GatewayService observer;

		private final int port = freePort();

		private final List<Process> instances = new ArrayList<>();

		private final long begin = System.nanoTime();

		private Run(Path folder, String replies, int requests) throws Exception {
			this.folder = folder;
			this.replies = replies;
			this.requests = requests;
			try {
				this.kafka = KafkaProcess.start(folder.resolve("kafka"));
				this.ends.add(this.kafka::close);
				List<String> arguments = settings();
				arguments.add("--statefun.module.endpoint=http://127.0.0.1:" + this.port);
				this.observer = GatewayService.start(arguments.toArray(String[]::new));
				this.ends.add(this.observer::close);
				this.observer.awaitTransport();
				this.instances.add(instance(0, this.port));
				this.instances.add(instance(1, freePort()));
				this.cluster = FlinkCluster.builder()
					.taskManagers(2)
					.folder(folder.resolve("flink"))
					.keepConnectors()
					.flink("execution.buffer-timeout", "1 ms")
					.start();
				this.ends.add(this.cluster::close);
				this.cluster.submit(this.observer.module(ModuleFormat.V3));
			}
			catch (Throwable ex) {
				close();
				throw ex;
			}
		}

		private static int freePort() throws IOException {
			try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
				return socket.getLocalPort();
			}
		}

		private List<String> settings() {
			List<String> settings = new ArrayList<>(List.of(GatewayService.topicsAt(this.kafka.address())));
			settings.add("--statefun.gateway.replies=" + this.replies);
			settings.add("--statefun.gateway.kafka.transaction-timeout=5m");
			return settings;
		}

		private Process instance(int index, int port) throws IOException {
			List<String> command = new ArrayList<>(List.of(Processes.java(), "-Xmx256m", "-XX:+UseSerialGC", "-cp",
					System.getProperty("java.class.path"), GatewayInstance.class.getName(), file(index).toString(),
					String.valueOf(index), String.valueOf(this.requests), "2", "16", "--server.port=" + port,
					"--server.address=127.0.0.1", "--spring.application.name=gateway-test",
					"--statefun.gateway.enabled=true", GatewayApplication.SKIP));
			command.addAll(settings());
			return new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(
						ProcessBuilder.Redirect.appendTo(this.folder.resolve("instance-" + index + ".log").toFile()))
				.start();
		}

		private Path file(int index) {
			return this.folder.resolve("replies-" + index);
		}

		private int answered() throws IOException {
			return replies().size();
		}

		private Map<String, String> replies() throws IOException {
			Map<String, String> all = new TreeMap<>(GatewayInstance.read(file(0)));
			all.putAll(GatewayInstance.read(file(1)));
			return all;
		}

		private void awaitAnswers(int number) {
			await(number + " answers").atMost(LIMIT)
				.pollInterval(Duration.ofMillis(250))
				.until(this::answered, (answered) -> answered >= number);
			report(number + " answers");
		}

		private void killOneAfterTheOther() throws Exception {
			awaitAnswers(this.requests / 5);
			Processes.kill(this.instances.get(0));
			this.instances.set(0, instance(0, this.port));
			report("instance killed");
			awaitAnswers(this.requests * 2 / 5);
			this.cluster.killTaskManager(0);
			this.cluster.startTaskManager();
			report("TaskManager killed");
			awaitAnswers(this.requests * 3 / 5);
			this.kafka.kill();
			this.kafka.start();
			report("broker killed");
			awaitAnswers(this.requests);
		}

		private void report(String event) {
			System.out.printf("%s replies, %.1f s: %s%n", this.replies, (System.nanoTime() - this.begin) / 1e9, event);
		}

		private Answers answers() throws IOException {
			return new Answers(replies(), 0);
		}

		private GatewayContract contract() {
			return new GatewayContract(this.observer.client());
		}

		@Override
		public void close() {
			this.instances.forEach(Processes::kill);
			for (int i = this.ends.size() - 1; i >= 0; i--) {
				this.ends.get(i).run();
			}
		}

	}

}
