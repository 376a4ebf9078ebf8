package dev.statefun.flinktests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the program that runs released runtimes: failing jobs, and loads with counted
 * records.
 */
class FlinkStatefunRuntimeIT {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final URI NOWHERE = URI.create("http://127.0.0.1:9/statefun");

	@ParameterizedTest
	@EnumSource
	void failingJobEndsTheRuntimeAndReportsTheCause(Release release) {
		Path directory = Path.of("target/flink", release + "-failing");
		try (FlinkStatefunRuntime runtime = FlinkStatefunRuntime.of(release, module(release, NOWHERE))
			.start(directory)) {
			runtime.awaitCheckpoints(1, LIMIT);
			runtime.assertRunning();
			runtime.send("test/unknown", "id", "test/message", ByteString.EMPTY);
			await().atMost(LIMIT)
				.untilAsserted(() -> assertThatExceptionOfType(AssertionError.class).isThrownBy(runtime::assertRunning)
					.withMessageContaining("failed")
					.withMessageContaining("test, unknown"));
		}
	}

	@ParameterizedTest
	@EnumSource
	void loadReachesAllIdsAndItsRecordsAreCounted(Release release) throws Exception {
		Map<String, Integer> calls = new ConcurrentHashMap<>();
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionSpec.of("test/known"), (context, message) -> {
				assertThat(message.getTypeUrl()).isEqualTo("test/message");
				assertThat(message.getValue().toStringUtf8()).isEqualTo("value");
				calls.merge(context.self().id(), 1, Integer::sum);
				context.sendEgress("test/counted", message);
				context.sendEgress("test/printed", message);
			})
			.build();
		HttpServer server = serve(functions);
		URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/statefun");
		try (FlinkStatefunRuntime runtime = FlinkStatefunRuntime.of(release, module(release, endpoint))
			.countedEgress("test/counted")
			.egress("test/printed")
			.start(Path.of("target/flink", release + "-load"))) {
			ByteString value = ByteString.copyFromUtf8("value");
			assertThat(runtime.load("test/known", 30, 3, "test/message", value, LIMIT)).isPositive();
			assertThat(calls).isEqualTo(Map.of("0", 10, "1", 10, "2", 10));
			assertThat(runtime.load("test/known", 20, 5, "test/message", value, LIMIT)).isPositive();
			assertThat(calls).isEqualTo(Map.of("0", 14, "1", 14, "2", 14, "3", 4, "4", 4));
			assertThat(runtime.countedRecords(LIMIT)).isEqualTo(50);
			assertThat(runtime.awaitEgress("test/printed", 50, LIMIT)).hasSize(50);
		}
		finally {
			server.stop(0);
		}
	}

	private static String module(Release release, URI endpoint) {
		return switch (release) {
			case V3_3_0 -> ModuleYaml.v3(endpoint, "async", "test/known");
			case V2_2_2 -> ModuleYaml.v2(endpoint, Map.of("test/known", List.of()));
		};
	}

	private static HttpServer serve(StatefulFunctions functions) throws IOException {
		RequestReplyHandler handler = new RequestReplyHandler(functions);
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
		server.createContext("/statefun", (exchange) -> {
			byte[] reply = handler.handle(exchange.getRequestBody().readAllBytes()).toCompletableFuture().join();
			exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
			exchange.sendResponseHeaders(200, reply.length);
			exchange.getResponseBody().write(reply);
			exchange.close();
		});
		server.start();
		return server;
	}

}
