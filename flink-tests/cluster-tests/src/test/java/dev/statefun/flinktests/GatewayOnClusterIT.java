package dev.statefun.flinktests;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.flink.cluster.FlinkRelease;
import dev.statefun.flinktests.GatewayContract.Answers;
import dev.statefun.module.ModuleFormat;
import dev.statefun.spring.client.FunctionClient;
import dev.statefun.spring.client.FunctionRequestException;
import dev.statefun.spring.client.FunctionRequestException.Reason;
import dev.statefun.testing.KafkaProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests the gateway in clusters, with its topics in Kafka.
 * {@link GatewayOnLocalRuntimeTests} tests the same in the local runtime.
 */
class GatewayOnClusterIT {

	@TempDir
	private Path folder;

	@Test
	@Timeout(240)
	void contractHoldsWhenATaskManagerIsKilled() throws Exception {
		try (Run run = Run.start(this.folder, FlinkRelease.STATEFUN_3_3, 1, "fast")) {
			run.contract.check();
			assertThat(run.cluster.restarts()).isZero();
			Answers answers = run.contract.ask(500, 16, () -> {
				run.cluster.killTaskManager(0);
				return run.cluster.startTaskManager();
			});
			answers.assertOneEffectEach(run.contract.histories(500));
			run.awaitRestart();
			run.report("3.3.0", answers);
		}
	}

	@Tag("soak")
	@Test
	@Timeout(400)
	void committedRepliesAreThoseOfTheHistory() throws Exception {
		try (Run run = Run.start(this.folder, FlinkRelease.STATEFUN_3_3, 1, "committed")) {
			Answers answers = run.contract.ask(500, 32, () -> {
				run.cluster.killTaskManager(0);
				return run.cluster.startTaskManager();
			});
			answers.assertAsIn(run.contract.histories(500));
			run.awaitRestart();
			run.report("3.3.0 with committed replies", answers);
		}
	}

	@Tag("soak")
	@Test
	@Timeout(400)
	void contractHoldsOn2() throws Exception {
		try (Run run = Run.start(this.folder, FlinkRelease.STATEFUN_2_2, 1, "fast")) {
			run.contract.check();
			assertThat(run.cluster.restarts()).isZero();
			Answers answers = run.contract.ask(1_000, 16, () -> null);
			answers.assertAsIn(run.contract.histories(1_000));
			assertThat(run.cluster.restarts()).isZero();
			run.report("2.2.2", answers);
		}
	}

	@Tag("soak")
	@Test
	@Timeout(400)
	void sendsArriveInOrderOnTwoTaskManagers() throws Exception {
		try (Run run = Run.start(this.folder, FlinkRelease.STATEFUN_3_3, 2, "fast")) {
			run.contract.sendsKeepTheirOrder(10_000, 50);
			assertThat(run.cluster.restarts()).isZero();
		}
	}

	@Tag("soak")
	@Test
	@Timeout(400)
	void requestsThatExpireWhileTheJobIsDownAreNotExecuted() throws Exception {
		try (Run run = Run.start(this.folder, FlinkRelease.STATEFUN_3_3, 2, "fast")) {
			run.contract.sendsKeepTheirOrder(50, 50);
			String savepoint = run.cluster.stopWithSavepoint();
			List<CompletableFuture<String>> expiring = new ArrayList<>();
			for (int i = 0; i < 100; i++) {
				String id = "down-" + i % 10;
				FunctionClient.RequestSpec<Object> target = run.service.client()
					.to("gateway.test/history", id)
					.timeout(Duration.ofSeconds(5));
				expiring.add(target.request("expired " + i, String.class).toCompletableFuture());
				target.send("sent " + i);
				target.executeLate().request("late " + i, String.class);
			}
			assertThat(expiring).allSatisfy((request) -> assertThat(request).failsWithin(Duration.ofSeconds(60))
				.withThrowableOfType(ExecutionException.class)
				.havingCause()
				.isInstanceOfSatisfying(FunctionRequestException.class,
						(failure) -> assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT)));
			run.cluster.resume(savepoint);
			for (int id = 0; id < 10; id++) {
				List<String> expected = new ArrayList<>();
				for (int i = id; i < 100; i += 10) {
					expected.add("sent " + i);
					expected.add("late " + i);
				}
				assertThat(run.contract.historyOf("down-" + id, String.join("\n", expected).length()).lines())
					.containsExactlyInAnyOrderElementsOf(expected);
			}
			assertThat(run.service.events("expired")).isEqualTo(100);
		}
	}

	/**
	 * A broker, the service and a cluster.
	 */
	private static final class Run implements AutoCloseable {

		private final long begin = System.nanoTime();

		private final KafkaProcess kafka;

		private final GatewayService service;

		private final FlinkCluster cluster;

		private final GatewayContract contract;

		private Run(KafkaProcess kafka, GatewayService service, FlinkCluster cluster) {
			this.kafka = kafka;
			this.service = service;
			this.cluster = cluster;
			this.contract = new GatewayContract(service.client());
		}

		private static Run start(Path folder, FlinkRelease release, int taskManagers, String replies) throws Exception {
			KafkaProcess kafka = KafkaProcess.start(folder.resolve("kafka"));
			GatewayService service = null;
			try {
				service = GatewayService.start(GatewayService.onKafka(kafka, replies));
				service.awaitTransport();
				FlinkCluster cluster = FlinkCluster.builder()
					.release(release)
					.taskManagers(taskManagers)
					.folder(folder.resolve("flink"))
					.keepConnectors()
					// So that a restart is seen at once
					.flink("metrics.fetcher.update-interval", "500")
					.start();
				Run run = new Run(kafka, service, cluster);
				cluster
					.submit(service.module((release == FlinkRelease.STATEFUN_3_3) ? ModuleFormat.V3 : ModuleFormat.V2));
				return run;
			}
			catch (Throwable ex) {
				if (service != null) {
					service.close();
				}
				kafka.close();
				throw ex;
			}
		}

		private void awaitRestart() {
			await("restart of the job").atMost(Duration.ofSeconds(30))
				.until(this.cluster::restarts, (count) -> count > 0);
		}

		private void report(String release, Answers answers) {
			System.out.printf("gateway on %s: %d requests, %d of them made again, %.1f s with all starts%n", release,
					answers.replies().size(), answers.repeated(), (System.nanoTime() - this.begin) / 1e9);
			assertThat(Duration.ofNanos(System.nanoTime() - this.begin)).isLessThan(Duration.ofMinutes(6));
		}

		@Override
		public void close() {
			try {
				this.cluster.close();
			}
			finally {
				this.service.close();
				this.kafka.close();
			}
		}

	}

}
