package dev.statefun.local.playground;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/**
 * Sends requests to a playground as curl does.
 */
final class Curl {

	private final HttpClient client = HttpClient.newHttpClient();

	private final Playground playground;

	Curl(Playground playground) {
		this.playground = playground;
	}

	HttpResponse<String> put(String path, String contentType, String body) throws IOException, InterruptedException {
		return put(path, contentType, body.getBytes(StandardCharsets.UTF_8));
	}

	HttpResponse<String> put(String path, String contentType, byte[] body) throws IOException, InterruptedException {
		HttpRequest.Builder request = ingress(path).method("PUT", BodyPublishers.ofByteArray(body));
		return send(contentType.isEmpty() ? request : request.header("Content-Type", contentType));
	}

	HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return send(egress(path));
	}

	HttpRequest.Builder ingress(String path) {
		return request(this.playground.ingressPort(), path);
	}

	HttpRequest.Builder egress(String path) {
		return request(this.playground.egressPort(), path);
	}

	private static HttpRequest.Builder request(int port, String path) {
		return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
	}

	HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	HttpResponse<byte[]> getBytes(String path) throws IOException, InterruptedException {
		return this.client.send(egress(path).build(), BodyHandlers.ofByteArray());
	}

	// Bytes that no client would send
	String raw(int port, String request) throws IOException {
		try (Socket socket = new Socket("localhost", port)) {
			socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
			socket.shutdownOutput();
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
