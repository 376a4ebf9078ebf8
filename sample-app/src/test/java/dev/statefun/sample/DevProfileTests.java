package dev.statefun.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

import dev.statefun.local.playground.Playground;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the README's curl commands without a cluster; only the ports differ.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "statefun.local-runtime.ingress-port=0", "statefun.local-runtime.egress-port=0",
				"statefun.local-runtime.egress-wait=20s" })
@ActiveProfiles("dev")
class DevProfileTests {

	private final HttpClient client = HttpClient.newHttpClient();

	@Autowired
	private Playground playground;

	@LocalServerPort
	private int port;

	@Test
	void joeIsGreetedAndRecognizedTheNextTime() throws Exception {
		put("count", "joe", "{\"name\":\"Joe\"}");
		assertThat(take()).isEqualTo("Hello Joe");
		put("count", "joe", "{\"name\":\"Joe\"}");
		assertThat(take()).isEqualTo("Hello again!");
		put("caller", "anybody", "{}");
		assertThat(take()).isEqualTo("Hello Seth");
	}

	@Test
	void controllerReturnsTheReplyOfTheFunction() throws Exception {
		assertThat(post("/greetings/Ann")).isEqualTo("Hello Ann");
		assertThat(post("/greetings/Ann")).isEqualTo("Hello again!");
		assertThat(List.of(take(), take())).containsExactly("Hello Ann", "Hello again!");
	}

	@Test
	void functionIsCalledOverHttp() throws Exception {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://localhost:" + this.port + "/statefun-gateway/example/count/eve"))
			.header("Content-Type", "application/vnd.type.googleapis.com/example.User+json")
			.POST(BodyPublishers.ofString("{\"name\":\"Eve\"}"))
			.build();
		assertThat(this.client.send(request, BodyHandlers.ofString()).body()).isEqualTo("{\"text\":\"Hello Eve\"}");
		assertThat(take()).isEqualTo("Hello Eve");
	}

	@Test
	void consoleShowsTheFunctions() throws Exception {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://localhost:" + this.port + "/statefun-console/api/functions"))
			.build();
		assertThat(this.client.send(request, BodyHandlers.ofString()).body()).contains("\"example/count\"");
	}

	private String post(String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.POST(BodyPublishers.noBody())
			.build();
		return this.client.send(request, BodyHandlers.ofString()).body();
	}

	private void put(String function, String id, String json) throws Exception {
		String type = function.equals("caller") ? "application/vnd.example/any"
				: "application/vnd.type.googleapis.com/example.User+json";
		HttpRequest request = HttpRequest
			.newBuilder(
					URI.create("http://localhost:" + this.playground.ingressPort() + "/example/" + function + "/" + id))
			.header("Content-Type", type)
			.PUT(BodyPublishers.ofString(json))
			.build();
		assertThat(this.client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
	}

	private String take() throws Exception {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://localhost:" + this.playground.egressPort() + "/greetings"))
			.build();
		return this.client.send(request, BodyHandlers.ofString()).body();
	}

}
