package dev.statefun.spring.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

import dev.statefun.testing.ClusterRequest;
import org.jspecify.annotations.Nullable;

/**
 * Client of a cluster that sends one request after the other on one connection, and opens
 * a new one if the server has closed it.
 */
final class ClusterClient implements AutoCloseable {

	private final int port;

	private @Nullable RawRequest connection;

	ClusterClient(int port) {
		this.port = port;
	}

	static byte[] request(String id) {
		return ClusterRequest.v3("test/echo", id).messageFrom("test/caller", "c", 1).toByteArray();
	}

	/**
	 * Send a request.
	 * @return the status of the answer, or -1 if the connection was closed before one
	 */
	int send(byte[] body) throws IOException {
		RawRequest open = (this.connection != null) ? this.connection : new RawRequest(this.port);
		this.connection = open;
		try {
			byte[] head = ("POST /statefun HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
					+ "Content-Length: " + body.length + "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII);
			// One write, so that the server finds all of it
			byte[] whole = Arrays.copyOf(head, head.length + body.length);
			System.arraycopy(body, 0, whole, head.length, body.length);
			RawRequest.Answer answer = open.send(whole).answer();
			if (answer.status() < 0 || answer.head().toLowerCase(Locale.ROOT).contains("connection: close")) {
				close();
			}
			return answer.status();
		}
		catch (IOException ex) {
			close();
			return -1;
		}
	}

	@Override
	public void close() throws IOException {
		if (this.connection != null) {
			this.connection.close();
			this.connection = null;
		}
	}

}
