package dev.statefun.console.view;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import com.sun.net.httpserver.HttpServer;
import dev.statefun.console.http.ConsoleHandler;
import dev.statefun.console.http.RequestGuard;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the job of the cluster.
 */
class FlinkViewTests {

	private static final String JOB = "0123456789abcdef0123456789abcdef";

	@Test
	void jobIsShown() throws Exception {
		Map<String, String> answers = Map.of("/config", "{\"flink-version\":\"1.16.2\"}", "/jobs/overview",
				"{\"jobs\":[{\"jid\":\"" + JOB + "\",\"name\":\"StatefulFunctions\",\"state\":\"RUNNING\","
						+ "\"start-time\":1767225600000,\"duration\":60000}]}",
				"/jobs/" + JOB + "/checkpoints",
				"{\"counts\":{\"completed\":12,\"failed\":1},"
						+ "\"latest\":{\"completed\":{\"latest_ack_timestamp\":1767225660000}}}",
				"/jobs/" + JOB + "/exceptions", "{\"root-exception\":\"java.lang.Exception: x\"}");
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.createContext("/", (exchange) -> {
			byte[] body = answers.getOrDefault(exchange.getRequestURI().getPath(), "{}")
				.getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		server.start();
		try {
			JsonNode cluster = get("http://127.0.0.1:" + server.getAddress().getPort() + "/");
			assertThat(cluster.path("reachable").asBoolean()).isTrue();
			assertThat(cluster.path("version").asString()).isEqualTo("1.16.2");
			JsonNode job = cluster.path("jobs").path(0);
			assertThat(job.path("state").asString()).isEqualTo("RUNNING");
			assertThat(job.path("startedAt").asString()).isEqualTo("2026-01-01T00:00:00.000Z");
			assertThat(job.path("checkpoints").path("completed").asInt()).isEqualTo(12);
			assertThat(job.path("exception").asString()).contains("java.lang.Exception");
		}
		finally {
			server.stop(0);
		}
	}

	@Test
	void clusterThatDoesNotAnswerIsSaidSo() throws Exception {
		HttpServer closed = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		int port = closed.getAddress().getPort();
		closed.stop(0);
		JsonNode cluster = get("http://127.0.0.1:" + port);
		assertThat(cluster.path("reachable").asBoolean()).isFalse();
		assertThat(cluster.path("error").asString()).isNotEmpty();
	}

	private static JsonNode get(String url) throws Exception {
		ConsoleHandler handler = new ConsoleHandler("/c", new RequestGuard("t", List.of(), (address) -> true, null),
				List.of(new FlinkView(URI.create(url))));
		MockHttpServletResponse response = new MockHttpServletResponse();
		handler.handleRequest(new MockHttpServletRequest("GET", "/c/api/flink"), response);
		assertThat(response.getStatus()).isEqualTo(200);
		return JsonMapper.shared().readTree(response.getContentAsByteArray());
	}

}
