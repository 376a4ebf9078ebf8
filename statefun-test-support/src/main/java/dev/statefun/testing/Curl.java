package dev.statefun.testing;

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
 * Sends requests to the playground of a local runtime as curl does.
 */
public final class Curl {

	private final HttpClient client = HttpClient.newHttpClient();

	private final int ingressPort;

	private final int egressPort;

	/**
	 * Create a client.
	 * @param ingressPort port of the ingress
	 * @param egressPort port of the egresses
	 */
	public Curl(int ingressPort, int egressPort) {
		this.ingressPort = ingressPort;
		this.egressPort = egressPort;
	}

	/**
	 * Send a text to the ingress.
	 * @param path path of the function instance
	 * @param contentType type of the text
	 * @param body the text
	 * @return the response
	 * @throws IOException if there is none
	 * @throws InterruptedException if the thread is interrupted
	 */
	public HttpResponse<String> put(String path, String contentType, String body)
			throws IOException, InterruptedException {
		return put(path, contentType, body.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Send bytes to the ingress.
	 * @param path path of the function instance
	 * @param contentType type of the bytes, or empty for none
	 * @param body the bytes
	 * @return the response
	 * @throws IOException if there is none
	 * @throws InterruptedException if the thread is interrupted
	 */
	public HttpResponse<String> put(String path, String contentType, byte[] body)
			throws IOException, InterruptedException {
		HttpRequest.Builder request = ingress(path).method("PUT", BodyPublishers.ofByteArray(body));
		return send(contentType.isEmpty() ? request : request.header("Content-Type", contentType));
	}

	/**
	 * Receive a record from an egress as text.
	 * @param path path of the egress topic
	 * @return the response
	 * @throws IOException if there is none
	 * @throws InterruptedException if the thread is interrupted
	 */
	public HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return send(egress(path));
	}

	/**
	 * Receive a record from an egress.
	 * @param path path of the egress topic
	 * @return the response
	 * @throws IOException if there is none
	 * @throws InterruptedException if the thread is interrupted
	 */
	public HttpResponse<byte[]> getBytes(String path) throws IOException, InterruptedException {
		return this.client.send(egress(path).build(), BodyHandlers.ofByteArray());
	}

	/**
	 * Start a request to the ingress.
	 * @param path the path
	 * @return a builder
	 */
	public HttpRequest.Builder ingress(String path) {
		return request(this.ingressPort, path);
	}

	/**
	 * Start a request to the egresses.
	 * @param path the path
	 * @return a builder
	 */
	public HttpRequest.Builder egress(String path) {
		return request(this.egressPort, path);
	}

	private static HttpRequest.Builder request(int port, String path) {
		return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
	}

	/**
	 * Send a request.
	 * @param request the request
	 * @return the response
	 * @throws IOException if there is none
	 * @throws InterruptedException if the thread is interrupted
	 */
	public HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	/**
	 * Send bytes that no client would send.
	 * @param port the port
	 * @param request the bytes, one for each character
	 * @return the response with its headers
	 * @throws IOException if there is none
	 */
	public static String raw(int port, String request) throws IOException {
		try (Socket socket = new Socket("localhost", port)) {
			socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
			socket.shutdownOutput();
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
