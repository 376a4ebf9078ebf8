package dev.statefun.spring.web;

import java.io.IOException;

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
			RawRequest.Answer answer = open.post(body).answer();
			if (answer.status() < 0 || answer.isClosing()) {
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
