package dev.statefun.spring.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import dev.statefun.spring.testing.ClusterRequest;

/**
 * One connection of a cluster, which sends a request after the other and opens a new
 * connection if the server has closed it.
 */
final class ClusterClient implements AutoCloseable {

	private final int port;

	private Socket socket = new Socket();

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
		if (!this.socket.isConnected() || this.socket.isClosed()) {
			this.socket = new Socket(InetAddress.getByName("127.0.0.1"), this.port);
			this.socket.setSoTimeout(30_000);
			this.socket.setTcpNoDelay(true);
		}
		try {
			byte[] head = ("POST /statefun HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
					+ "Content-Length: " + body.length + "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII);
			byte[] whole = new byte[head.length + body.length];
			System.arraycopy(head, 0, whole, 0, head.length);
			System.arraycopy(body, 0, whole, head.length, body.length);
			this.socket.getOutputStream().write(whole);
			return readStatus();
		}
		catch (IOException ex) {
			this.socket.close();
			return -1;
		}
	}

	private int readStatus() throws IOException {
		InputStream in = this.socket.getInputStream();
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = in.read();
			if (next < 0) {
				throw new IOException("closed");
			}
			head.append((char) next);
		}
		String text = head.toString();
		in.readNBytes(Integer.parseInt(text.replaceAll("(?is).*content-length: (\\d+).*", "$1")));
		if (text.toLowerCase().contains("connection: close")) {
			this.socket.close();
		}
		return Integer.parseInt(text.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
