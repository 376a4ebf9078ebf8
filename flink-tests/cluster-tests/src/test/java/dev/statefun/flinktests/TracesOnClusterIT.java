package dev.statefun.flinktests;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.statefun.flink.cluster.CommittedRecord;
import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.flink.cluster.FlinkRelease;
import dev.statefun.flinktests.trace.TracedApplication;
import dev.statefun.flinktests.trace.TracedApplication.Mismatches;
import dev.statefun.flinktests.trace.TracedApplication.Spans;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.test.FlinkClusterTester;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests headers and traces of messages that pass three functions, a delay and a reply on
 * a cluster of several JVMs, one of which is killed meanwhile.
 */
@Timeout(300)
class TracesOnClusterIT {

	private static final int MESSAGES = 2000;

	private static final int IDS = 50;

	private static final String ROOT = "00f067aa0ba902b7";

	private static final List<String> HOPS = List.of("invoke trace/first", "invoke trace/second", "invoke trace/third",
			"invoke trace/second");

	@TempDir
	private Path folder;

	@Test
	void headersAndTracesPassA3xClusterOverTheAsynchronousTransport() {
		pass(FlinkRelease.STATEFUN_3_3, (endpoint) -> ModuleYaml.v3(endpoint, "async", "trace/*"));
	}

	@Tag("soak")
	@Test
	void headersAndTracesPassA3xClusterOverOkHttp() {
		pass(FlinkRelease.STATEFUN_3_3, (endpoint) -> ModuleYaml.v3(endpoint, "okhttp", "trace/*"));
	}

	@Tag("soak")
	@Test
	void headersAndTracesPassA2xCluster() {
		pass(FlinkRelease.STATEFUN_2_2, (endpoint) -> ModuleYaml.v2(endpoint,
				Map.of("trace/first", List.of(), "trace/second", List.of(), "trace/third", List.of())));
	}

	private void pass(FlinkRelease release, ModuleOf module) {
		try (ConfigurableApplicationContext service = start();
				FlinkCluster cluster = FlinkCluster.builder()
					.release(release)
					.taskManagers(2)
					.folder(this.folder)
					.egresses(TracedApplication.EGRESS)
					.start()) {
			cluster.submit(module.of(endpoint(service)));
			send(cluster, service, 0, MESSAGES / 2);
			awaitRecords(cluster, MESSAGES / 4);
			cluster.killTaskManager(0);
			cluster.startTaskManager();
			send(cluster, service, MESSAGES / 2, MESSAGES);
			awaitRecords(cluster, MESSAGES);
			assertThat(service.getBean(Mismatches.class).found()).isEmpty();
			assertComplete(cluster.records(TracedApplication.EGRESS));
			List<SpanData> spans = service.getBean(Spans.class).finished();
			Map<String, List<SpanData>> traces = spans.stream()
				.filter((span) -> HOPS.contains(span.getName()))
				.collect(Collectors.groupingBy(SpanData::getTraceId));
			assertThat(traces.keySet()).isEqualTo(
					IntStream.range(0, MESSAGES).mapToObj(TracedApplication::traceOf).collect(Collectors.toSet()));
			assertThat(traces.values()).allSatisfy(TracesOnClusterIT::assertLinked);
			Map<Integer, Long> sizes = traces.values()
				.stream()
				.collect(Collectors.groupingBy(List::size, TreeMap::new, Collectors.counting()));
			System.out.printf("traces on %s by their number of spans after %d restarts: %s%n", release,
					cluster.restarts(), sizes);
		}
	}

	private static ConfigurableApplicationContext start() {
		return SpringApplication.run(TracedApplication.class, "--server.port=0", "--server.address=127.0.0.1",
				"--spring.autoconfigure.exclude=", "--management.tracing.sampling.probability=1.0",
				"--statefun.headers.propagate=" + TracedApplication.TENANT);
	}

	private static URI endpoint(ConfigurableApplicationContext service) {
		int port = ((WebServerApplicationContext) service).getWebServer().getPort();
		return URI.create("http://127.0.0.1:" + port + "/statefun");
	}

	private static void send(FlinkCluster cluster, ConfigurableApplicationContext service, int from, int to) {
		FlinkClusterTester tester = FlinkClusterTester.of(cluster, service.getBean(StatefulFunctions.class));
		for (int number = from; number < to; number++) {
			tester.send(number)
				.withHeaders(Headers.of(TracedApplication.TENANT, TracedApplication.tenantOf(number))
					.and("hop", "0")
					.and("traceparent", "00-" + TracedApplication.traceOf(number) + "-" + ROOT + "-01"))
				.to("trace/first", "id-" + number % IDS);
		}
	}

	private static void awaitRecords(FlinkCluster cluster, int count) {
		CommittedRecords.awaitRecords(cluster, TracedApplication.EGRESS, count, Duration.ofMinutes(2));
	}

	private static void assertComplete(List<CommittedRecord> records) {
		assertThat(records).extracting(CommittedRecord::headers)
			.allSatisfy((headers) -> assertThat(headers.all()).extracting(Headers.Entry::key)
				.containsExactlyInAnyOrder(TracedApplication.TENANT, "traceparent"));
		assertThat(records).extracting((record) -> record.headers().get(TracedApplication.TENANT).orElseThrow())
			.containsExactlyInAnyOrderElementsOf(
					IntStream.range(0, MESSAGES).mapToObj(TracedApplication::tenantOf).toList());
	}

	// A restored checkpoint repeats spans, each of which has a parent
	private static void assertLinked(List<SpanData> trace) {
		Set<String> known = trace.stream().map(SpanData::getSpanId).collect(Collectors.toSet());
		assertThat(trace)
			.allMatch((span) -> span.getParentSpanId().equals(ROOT) || known.contains(span.getParentSpanId()));
		Set<String> parents = Set.of(ROOT);
		for (String hop : HOPS) {
			Set<String> senders = parents;
			parents = trace.stream()
				.filter((span) -> span.getName().equals(hop) && senders.contains(span.getParentSpanId()))
				.map(SpanData::getSpanId)
				.collect(Collectors.toSet());
			assertThat(parents).as(hop).isNotEmpty();
		}
	}

	/**
	 * Writes the module for an endpoint.
	 */
	private interface ModuleOf {

		String of(URI endpoint);

	}

}
