package dev.statefun.spring.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * The curl lines of the local runtime's documentation.
 */
public final class Curl {

	private final HttpClient client = HttpClient.newHttpClient();

	private final int ingressPort;

	private final int egressPort;

	public Curl(int ingressPort, int egressPort) {
		this.ingressPort = ingressPort;
		this.egressPort = egressPort;
	}

	public HttpResponse<String> put(String path, String contentType, String body) throws Exception {
		return send(
				request(this.ingressPort, path).header("Content-Type", contentType).PUT(BodyPublishers.ofString(body)));
	}

	public HttpResponse<String> get(String path) throws Exception {
		return send(request(this.egressPort, path));
	}

	private static HttpRequest.Builder request(int port, String path) {
		return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

}
