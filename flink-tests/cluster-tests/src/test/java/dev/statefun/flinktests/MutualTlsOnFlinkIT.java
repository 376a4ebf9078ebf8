package dev.statefun.flinktests;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.google.protobuf.ByteString;
import dev.statefun.flinktests.task.Outside;
import dev.statefun.flinktests.task.TaskApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests a service with a separate port for functions, where clusters must present a
 * certificate. The runtime does not check host names.
 */
class MutualTlsOnFlinkIT {

	private static final String OUT = "task/out";

	private static final String FUNCTION = "task/blocking";

	private static final int IDS = 10;

	private static final int MESSAGES = 1_000;

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private static final Duration BUDGET = Duration.ofSeconds(3);

	private static Certificates certificates;

	private static ConfigurableApplicationContext service;

	@BeforeAll
	static void startService() {
		certificates = Certificates.in(Path.of("target/flink/certificates"))
			.authority("authority")
			.signed("service", "authority")
			.signed("cluster", "authority")
			.authority("stranger")
			.signed("strange-cluster", "stranger");
		String bundle = "--spring.ssl.bundle.pem.clusters.";
		service = SpringApplication.run(TaskApplication.class, "--server.port=0", "--server.address=127.0.0.1",
				bundle + "keystore.certificate=" + certificates.certificate("service").toUri(),
				bundle + "keystore.private-key=" + certificates.key("service").toUri(),
				bundle + "truststore.certificate=" + certificates.certificate("authority").toUri(),
				"--statefun.server.port=0", "--statefun.server.address=127.0.0.1",
				"--statefun.server.ssl.bundle=clusters", "--statefun.server.ssl.client-auth=need");
	}

	@AfterAll
	static void endService() {
		if (service != null) {
			service.close();
		}
	}

	@Test
	void clusterWithTheRightCertificateIsServed() {
		try (FlinkStatefunRuntime runtime = start(Cluster.RIGHT, LIMIT)) {
			for (int message = 0; message < MESSAGES; message++) {
				send(runtime, "id" + message % IDS);
			}
			runtime.awaitEgress(OUT, MESSAGES, LIMIT);
			runtime.awaitCheckpoints(1, LIMIT);
			Map<String, List<String>> reported = runtime.egress(OUT)
				.stream()
				.map((record) -> KafkaRecord.parse(record.value()))
				.collect(Collectors.groupingBy(KafkaRecord::key, TreeMap::new,
						Collectors.mapping(KafkaRecord::value, Collectors.toList())));
			Map<String, List<String>> expected = IntStream.range(0, IDS)
				.boxed()
				.collect(Collectors.toMap((id) -> FUNCTION + "/id" + id,
						(id) -> IntStream.rangeClosed(1, MESSAGES / IDS)
							.mapToObj((count) -> count + " item")
							.toList()));
			assertThat(reported).isEqualTo(expected);
			assertThat(runtime.failedRequests()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RIGHT")
	void clusterWithoutTheRightCertificateIsRejectedUntilItsJobFails(Cluster cluster) {
		try (FlinkStatefunRuntime runtime = start(cluster, BUDGET)) {
			long begin = System.nanoTime();
			send(runtime, cluster.name());
			await().atMost(LIMIT)
				.untilAsserted(() -> assertThatExceptionOfType(AssertionError.class).isThrownBy(runtime::assertRunning)
					.withMessageContaining("Address(task, blocking, " + cluster)
					.withMessageContaining("RequestTimeoutException"));
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(BUDGET);
			assertThat(runtime.failedRequests()).isGreaterThan(2);
			assertThat(service.getBean(Outside.class).handled(FUNCTION + "/" + cluster)).isEmpty();
		}
	}

	private static FlinkStatefunRuntime start(Cluster cluster, Duration call) {
		URI endpoint = URI.create(cluster.scheme + "://127.0.0.1:"
				+ service.getEnvironment().getRequiredProperty("local.statefun.port") + "/statefun");
		return FlinkStatefunRuntime
			.of(Release.V3_3_0, ModuleYaml.v3(endpoint, call, cluster.files.apply(certificates), "task/*"))
			.egress(OUT)
			.start(Path.of("target/flink", "tls-" + cluster));
	}

	private static void send(FlinkStatefunRuntime runtime, String id) {
		runtime.send(FUNCTION, id, "task/Task",
				ByteString.copyFromUtf8("{\"item\":\"item\",\"gate\":\"%s\"}".formatted(Outside.OPEN)));
	}

	/**
	 * Clusters with different certificates.
	 */
	enum Cluster {

		RIGHT("https",
				(files) -> Map.of("trust_cacerts", files.certificate("authority"), "client_cert",
						files.certificate("cluster"), "client_key", files.key("cluster"))),

		/** Does not trust the service. */
		WITH_ANOTHER_AUTHORITY("https",
				(files) -> Map.of("trust_cacerts", files.certificate("stranger"), "client_cert",
						files.certificate("cluster"), "client_key", files.key("cluster"))),

		/** Is not trusted by the service. */
		WITH_A_STRANGE_CERTIFICATE("https",
				(files) -> Map.of("trust_cacerts", files.certificate("authority"), "client_cert",
						files.certificate("strange-cluster"), "client_key", files.key("strange-cluster"))),

		WITHOUT_A_CERTIFICATE("https", (files) -> Map.of("trust_cacerts", files.certificate("authority"))),

		WITHOUT_TLS("http", (files) -> Map.of());

		private final String scheme;

		private final Function<Certificates, Map<String, Path>> files;

		Cluster(String scheme, Function<Certificates, Map<String, Path>> files) {
			this.scheme = scheme;
			this.files = files;
		}

	}

}
