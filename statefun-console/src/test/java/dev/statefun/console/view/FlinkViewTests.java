package dev.statefun.console.view;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

import com.sun.net.httpserver.HttpServer;
import dev.statefun.console.FlinkRestServer;
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

	@Test
	void jobIsShown() throws Exception {
		try (FlinkRestServer server = new FlinkRestServer()) {
			JsonNode cluster = get(server.url() + "/");
			assertThat(cluster.path("reachable").asBoolean()).isTrue();
			assertThat(cluster.path("version").asString()).isEqualTo("1.16.2");
			JsonNode job = cluster.path("jobs").path(0);
			assertThat(job.path("state").asString()).isEqualTo("RUNNING");
			assertThat(job.path("startedAt").asString()).isEqualTo("2026-01-01T00:00:00.000Z");
			assertThat(job.path("checkpoints").path("completed").asInt()).isEqualTo(12);
			assertThat(job.path("exception").asString()).contains("java.lang.Exception");
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
