package dev.statefun.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

import dev.statefun.local.playground.Playground;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
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

	@Test
	void joeIsGreetedAndRecognizedTheNextTime() throws Exception {
		put("count", "joe", "{\"name\":\"Joe\"}");
		assertThat(take()).isEqualTo("Hello Joe");
		put("count", "joe", "{\"name\":\"Joe\"}");
		assertThat(take()).isEqualTo("Hello again!");
		put("caller", "anybody", "{}");
		assertThat(take()).isEqualTo("Hello Seth");
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
