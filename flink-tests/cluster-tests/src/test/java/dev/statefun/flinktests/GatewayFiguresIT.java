package dev.statefun.flinktests;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.module.ModuleFormat;
import dev.statefun.spring.client.FunctionClient;
import dev.statefun.testing.KafkaProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Prints how long requests take from the client through Kafka and a cluster to their
 * reply, for {@code docs/performance.md}. Broker, cluster and service share the machine.
 */
@Tag("soak")
class GatewayFiguresIT {

	@TempDir
	private Path folder;

	@ParameterizedTest
	@CsvSource({ "fast, 100 ms", "fast, 1 ms", "committed, 100 ms", "committed, 1 ms" })
	@Timeout(400)
	void timeOfRequests(String replies, String bufferTimeout) throws Exception {
		try (KafkaProcess kafka = KafkaProcess.start(this.folder.resolve("kafka"));
				GatewayService service = GatewayService.start(GatewayService.onKafka(kafka, replies))) {
			service.awaitTransport();
			try (FlinkCluster cluster = FlinkCluster.builder()
				.taskManagers(2)
				.folder(this.folder.resolve("flink"))
				.keepConnectors()
				.flink("execution.buffer-timeout", bufferTimeout)
				.start()) {
				cluster.submit(service.module(ModuleFormat.V3));
				ask(service.client(), 1_000, 32);
				boolean fast = replies.equals("fast");
				report(replies, bufferTimeout, 1, ask(service.client(), fast ? 1_000 : 60, 1));
				report(replies, bufferTimeout, 32, ask(service.client(), fast ? 10_000 : 2_000, 32));
				assertThat(cluster.restarts()).isZero();
			}
		}
	}

	private static List<Long> ask(FunctionClient client, int requests, int threads) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		AtomicInteger next = new AtomicInteger();
		try {
			List<Future<List<Long>>> running = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				running.add(executor.submit(() -> {
					List<Long> nanos = new ArrayList<>();
					for (int number = next.getAndIncrement(); number < requests; number = next.getAndIncrement()) {
						long begin = System.nanoTime();
						client.to("gateway.test/count", "id-" + number % 1_000)
							.timeout(Duration.ofSeconds(60))
							.call("count", Long.class);
						nanos.add(System.nanoTime() - begin);
					}
					return nanos;
				}));
			}
			List<Long> all = new ArrayList<>();
			for (Future<List<Long>> each : running) {
				all.addAll(each.get());
			}
			return all.stream().sorted().toList();
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static void report(String replies, String bufferTimeout, int threads, List<Long> nanos) {
		System.out.printf("| %s | %s | %d | %.1f | %.1f |%n", replies, bufferTimeout, threads,
				nanos.get(nanos.size() / 2) / 1e6, nanos.get(nanos.size() * 99 / 100) / 1e6);
	}

}
