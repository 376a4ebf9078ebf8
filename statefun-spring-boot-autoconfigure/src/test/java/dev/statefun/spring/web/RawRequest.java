package dev.statefun.spring.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A request that is written to its own connection piece by piece.
 */
final class RawRequest implements AutoCloseable {

	private final Socket socket;

	RawRequest(int port) throws IOException {
		this(new Socket(InetAddress.getByName("127.0.0.1"), port));
	}

	RawRequest(Socket socket) throws IOException {
		this.socket = socket;
		this.socket.setSoTimeout(30_000);
		this.socket.setTcpNoDelay(true);
	}

	RawRequest head(String... headers) throws IOException {
		return send("POST /statefun HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
				+ String.join("\r\n", headers) + "\r\n\r\n");
	}

	/**
	 * Send a request in one piece, as a cluster does.
	 */
	RawRequest post(byte[] body, String... headers) throws IOException {
		return postTo("/statefun", body, headers);
	}

	RawRequest postTo(String path, byte[] body, String... headers) throws IOException {
		StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
		head.append("Content-Type: application/octet-stream\r\nContent-Length: ").append(body.length).append("\r\n");
		for (String header : headers) {
			head.append(header).append("\r\n");
		}
		byte[] first = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
		byte[] whole = Arrays.copyOf(first, first.length + body.length);
		System.arraycopy(body, 0, whole, first.length, body.length);
		return send(whole);
	}

	RawRequest send(String text) throws IOException {
		return send(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	RawRequest send(byte[] bytes) throws IOException {
		return send(bytes, 0, bytes.length);
	}

	RawRequest send(byte[] bytes, int from, int to) throws IOException {
		OutputStream out = this.socket.getOutputStream();
		out.write(bytes, from, to - from);
		out.flush();
		return this;
	}

	RawRequest chunk(byte[] bytes, int from, int to) throws IOException {
		return send(Integer.toHexString(to - from) + "\r\n").send(bytes, from, to).send("\r\n");
	}

	RawRequest endOfBody() throws IOException {
		this.socket.shutdownOutput();
		return this;
	}

	/**
	 * Read an answer.
	 * @return its head, and its body if that is text
	 */
	Answer answer() throws IOException {
		InputStream in = this.socket.getInputStream();
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = in.read();
			if (next < 0) {
				return new Answer(-1, head.toString(), "");
			}
			head.append((char) next);
		}
		byte[] body = {};
		String length = head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1");
		if (length.matches("\\d+")) {
			body = in.readNBytes(Integer.parseInt(length));
		}
		else if (head.indexOf("Transfer-Encoding: chunked") > 0) {
			body = readChunks(in);
		}
		return new Answer(Integer.parseInt(head.substring(9, 12)), head.toString(),
				new String(body, StandardCharsets.ISO_8859_1));
	}

	private static byte[] readChunks(InputStream in) throws IOException {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		int length;
		do {
			StringBuilder line = new StringBuilder();
			while (line.indexOf("\r\n") < 0) {
				line.append((char) in.read());
			}
			length = Integer.parseInt(line.toString().strip(), 16);
			all.writeBytes(in.readNBytes(length));
			in.readNBytes(2);
		}
		while (length > 0);
		return all.toByteArray();
	}

	/**
	 * Return whether the server closes the connection within half a minute.
	 */
	boolean isClosed() throws IOException {
		try {
			return this.socket.getInputStream().read() < 0;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	/**
	 * End the connection by a reset, so that the next write to it fails.
	 */
	void reset() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * Response of the server.
	 */
	record Answer(int status, String head, String body) {

		/**
		 * Return the values of a header.
		 */
		List<String> headers(String name) {
			return this.head.lines()
				.filter((line) -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
				.map((line) -> line.substring(name.length() + 2))
				.toList();
		}

		boolean isClosing() {
			return headers("Connection").contains("close");
		}

	}

}
