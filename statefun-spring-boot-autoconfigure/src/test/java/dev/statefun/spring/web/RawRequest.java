package dev.statefun.spring.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * A request that is written to its own connection piece by piece.
 */
final class RawRequest implements AutoCloseable {

	private final Socket socket;

	RawRequest(int port) throws IOException {
		this.socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
		this.socket.setSoTimeout(30_000);
		this.socket.setTcpNoDelay(true);
	}

	RawRequest head(String... headers) throws IOException {
		return send("POST /statefun HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
				+ String.join("\r\n", headers) + "\r\n\r\n");
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
		String length = head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1");
		byte[] body = length.matches("\\d+") ? in.readNBytes(Integer.parseInt(length)) : new byte[0];
		return new Answer(Integer.parseInt(head.substring(9, 12)), head.toString(),
				new String(body, StandardCharsets.ISO_8859_1));
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

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * Response of the server.
	 */
	record Answer(int status, String head, String body) {

	}

}
