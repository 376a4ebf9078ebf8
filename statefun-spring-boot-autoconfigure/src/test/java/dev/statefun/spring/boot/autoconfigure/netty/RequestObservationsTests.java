package dev.statefun.spring.boot.autoconfigure.netty;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.statefun.endpoint.failure.FailureLog;
import dev.statefun.netty.AccessLog;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.testing.CountingService;
import dev.statefun.spring.testing.RunningService;
import dev.statefun.testing.ClusterRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that requests are observed on Netty as they are on a servlet container, with real
 * sockets.
 */
@Timeout(60)
class RequestObservationsTests {

	private static final String PARENT = "00f067aa0ba902b7";

	private static final Map<Server, RunningService> services = new EnumMap<>(Server.class);

	@BeforeAll
	static void start() {
		services.put(Server.SERVLET_CONTAINER, start(new String[0]));
		services.put(Server.NETTY, start("spring.main.web-application-type=none", "spring.autoconfigure.exclude=",
				"statefun.server.port=0", "statefun.server.access-log.enabled=true"));
	}

	private static RunningService start(String... more) {
		List<String> properties = new ArrayList<>(List.of(more));
		properties.add("management.opentelemetry.enabled=true");
		properties.add("management.tracing.sampling.probability=1.0");
		properties.add("statefun.observations.batches=true");
		properties.add("statefun.observations.invocations=true");
		return RunningService.start(TracedService.class, properties.toArray(new String[0]));
	}

	@AfterAll
	static void stop() {
		services.values().forEach(RunningService::close);
	}

	@ParameterizedTest
	@EnumSource
	void traceOfTheClientContinuesInTheRequestAndItsBatch(Server server) throws Exception {
		String trace = "4bf92f3577b34da6a3ce929d0e0e473" + server.ordinal();
		assertThat(server.post(request().message(1).messageFrom("test/other", "x", 2), trace)).isEqualTo(200);
		List<SpanData> spans = server.awaitSpans(trace, 4);
		SpanData request = spans.stream().filter((span) -> span.getKind() == SpanKind.SERVER).findAny().orElseThrow();
		assertThat(request.getName()).isEqualTo("http post /statefun");
		assertThat(request.getParentSpanId()).isEqualTo(PARENT);
		SpanData batch = spans.stream()
			.filter((span) -> span.getName().equals("batch test/seeing"))
			.findAny()
			.orElseThrow();
		assertThat(batch.getParentSpanId()).isEqualTo(request.getSpanId());
		assertThat(spans).filteredOn((span) -> span.getName().equals("invoke test/seeing"))
			.hasSize(2)
			.allSatisfy((span) -> assertThat(span.getParentSpanId()).isEqualTo(batch.getSpanId()));
	}

	@ParameterizedTest
	@EnumSource
	void batchHasTheLogContext(Server server) throws Exception {
		String trace = "4bf92f3577b34da6a3ce929d0e0e474" + server.ordinal();
		List<Map<String, String>> seen = server.service().context().getBean(Seeing.class).seen;
		seen.clear();
		assertThat(server.post(request().messageFrom("test/other", "x", 1).message(2), trace)).isEqualTo(200);
		assertThat(seen).hasSize(2);
		assertThat(seen.get(0)).containsOnlyKeys("spanId", "statefun.caller", "statefun.function", "statefun.id",
				"traceId");
		assertThat(seen.get(1)).containsOnlyKeys("spanId", "statefun.function", "statefun.id", "traceId");
		assertThat(seen.get(0)).containsEntry("traceId", trace)
			.containsEntry("statefun.function", "test/seeing")
			.containsEntry("statefun.id", "joe")
			.containsEntry("statefun.caller", "test/other/x");
	}

	@ParameterizedTest
	@EnumSource
	void failureIsLoggedInTheTraceOfItsRequest(Server server) throws Exception {
		String trace = "4bf92f3577b34da6a3ce929d0e0e475" + server.ordinal();
		try (Lines lines = new Lines(FailureLog.class)) {
			// One line for each class of exception and minute
			assertThat(server.post(request().message(-2), trace)).isEqualTo(500);
			assertThat(lines.events)
				.anySatisfy((event) -> assertThat(event.getMDCPropertyMap()).containsEntry("traceId", trace));
		}
		assertThat(server.awaitSpans(trace, 3)).extracting(SpanData::getName)
			.contains("http post /statefun", "batch test/seeing", "invoke test/seeing");
	}

	@Test
	void metersHaveTheSameTagsOnBothServers() throws Exception {
		for (Server server : Server.values()) {
			String trace = "4bf92f3577b34da6a3ce929d0e0e476" + server.ordinal();
			server.post(request().message(1), trace);
			server.post(request().message(-1), trace);
			server.service().post(server.port(), "/statefun", new byte[] { 1 });
			server.service().get(server.port(), "/statefun");
		}
		for (Server server : Server.values()) {
			await().atMost(30, TimeUnit.SECONDS)
				.untilAsserted(() -> assertThat(server.tags()).containsExactlyInAnyOrder(
						"error=InvocationFailedException exception=InvocationFailedException method=POST "
								+ "outcome=SERVER_ERROR status=500 uri=/statefun",
						"error=RequestRefusedException exception=RequestRefusedException method=POST "
								+ "outcome=SERVER_ERROR status=500 uri=/statefun",
						"error=none exception=none method=GET outcome=CLIENT_ERROR status=405 uri=/statefun",
						"error=none exception=none method=POST outcome=SUCCESS status=200 uri=/statefun"));
		}
	}

	@Test
	void answeredRequestIsALineOfTheAccessLog() throws Exception {
		try (Lines lines = new Lines(AccessLog.class)) {
			Server.NETTY.post(request().message(1), "4bf92f3577b34da6a3ce929d0e0e4770");
			await().atMost(30, TimeUnit.SECONDS).until(() -> !lines.events.isEmpty());
			assertThat(lines.events.get(0).getFormattedMessage()).startsWith("127.0.0.1 - - [")
				.contains("] \"POST /statefun HTTP/1.1\" 200 ");
		}
	}

	private static ClusterRequest request() {
		return ClusterRequest.v3("test/seeing", "joe");
	}

	/**
	 * Server of the endpoint.
	 */
	enum Server {

		SERVLET_CONTAINER, NETTY;

		private RunningService service() {
			return Objects.requireNonNull(services.get(this), name());
		}

		private int port() {
			return (this == NETTY) ? service().clusterPort() : service().port();
		}

		private int post(ClusterRequest request, String trace) throws Exception {
			return service()
				.post(port(), "/statefun", request.toByteArray(), "traceparent", "00-" + trace + "-" + PARENT + "-01")
				.statusCode();
		}

		// The span of a request may end after its answer was read
		private List<SpanData> awaitSpans(String trace, int number) {
			InMemorySpanExporter exporter = service().context().getBean(Spans.class).exporter();
			return await().atMost(30, TimeUnit.SECONDS)
				.until(() -> exporter.getFinishedSpanItems()
					.stream()
					.filter((span) -> span.getTraceId().equals(trace))
					.toList(), (spans) -> spans.size() == number);
		}

		private Set<String> tags() {
			return service().context()
				.getBean(MeterRegistry.class)
				.find("http.server.requests")
				.timers()
				.stream()
				.map(Timer::getId)
				.map((id) -> id.getTags()
					.stream()
					.map((tag) -> tag.getKey() + "=" + tag.getValue())
					.sorted()
					.collect(Collectors.joining(" ")))
				.collect(Collectors.toSet());
		}

	}

	/**
	 * Records lines with their log context.
	 */
	private static final class Lines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

		private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

		private final Logger logger;

		Lines(Class<?> category) {
			this.logger = (Logger) LoggerFactory.getLogger(category);
			start();
			this.logger.addAppender(this);
		}

		@Override
		protected void append(ILoggingEvent event) {
			// Copied on the thread that logs
			event.getMDCPropertyMap();
			this.events.add(event);
		}

		@Override
		public void close() {
			this.logger.detachAppender(this);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ CountingService.class, Seeing.class })
	static class TracedService {

		@Bean
		Spans spans() {
			return new Spans(InMemorySpanExporter.create());
		}

		@Bean
		SpanProcessor spanProcessor(Spans spans) {
			return SimpleSpanProcessor.create(spans.exporter());
		}

	}

	/**
	 * Spans of a service. The exporter is no bean: Spring Boot would export each span to
	 * it a second time.
	 *
	 * @param exporter collects the spans
	 */
	record Spans(InMemorySpanExporter exporter) {
	}

	/**
	 * Records the log context, and rejects negative numbers.
	 */
	@StatefulFunction("test/seeing")
	static class Seeing {

		private final List<Map<String, String>> seen = new CopyOnWriteArrayList<>();

		@Handler
		void on(int number) {
			if (number < 0) {
				throw (number == -1) ? new IllegalArgumentException("negative") : new IllegalStateException("negative");
			}
			Map<String, String> context = MDC.getCopyOfContextMap();
			this.seen.add((context != null) ? new TreeMap<>(context) : Map.of());
		}

	}

}
