package dev.statefun.netty;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Connection to a server, byte by byte.
 */
final class RawClient implements AutoCloseable {

	private static final int LIMIT = 60_000;

	private final Socket socket;

	private final InputStream in;

	RawClient(int port) throws IOException {
		this(new Socket(InetAddress.getLoopbackAddress(), port));
	}

	RawClient(Socket socket) throws IOException {
		this.socket = socket;
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(LIMIT);
		this.in = new BufferedInputStream(socket.getInputStream());
	}

	static byte[] post(String path, byte[] body, String... headers) {
		StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
		head.append("Content-Type: application/octet-stream\r\nContent-Length: ").append(body.length).append("\r\n");
		for (String header : headers) {
			head.append(header).append("\r\n");
		}
		return join(ascii(head.append("\r\n").toString()), body);
	}

	static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	static byte[] join(byte[]... parts) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			all.writeBytes(part);
		}
		return all.toByteArray();
	}

	RawClient send(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
		this.socket.getOutputStream().flush();
		return this;
	}

	RawClient send(String text) throws IOException {
		return send(ascii(text));
	}

	RawClient sendByteByByte(byte[] bytes) throws IOException {
		for (byte next : bytes) {
			send(new byte[] { next });
		}
		return this;
	}

	Response post(byte[] body, String... headers) throws IOException {
		return send(post("/statefun", body, headers)).read();
	}

	String readHead() throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = this.in.read();
			if (next < 0) {
				throw new IOException("The connection ended after '" + head + "'");
			}
			head.append((char) next);
		}
		return head.toString();
	}

	Response read() throws IOException {
		String head = readHead();
		String length = headerOf(head, "content-length");
		return new Response(Integer.parseInt(head.substring(9, 12)), head,
				this.in.readNBytes(Integer.parseInt(length)));
	}

	private static String headerOf(String head, String name) {
		for (String line : head.split("\r\n")) {
			if (line.toLowerCase(Locale.ROOT).startsWith(name + ": ")) {
				return line.substring(name.length() + 2);
			}
		}
		return "";
	}

	/**
	 * Wait until the server has closed the connection.
	 * @return whether it sent nothing before
	 */
	boolean isClosed() throws IOException {
		try {
			return this.in.read() < 0;
		}
		catch (SocketException ex) {
			// Reset, as the server has not read everything
			return true;
		}
	}

	/**
	 * End the connection by a reset.
	 */
	void reset() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	/**
	 * End the connection.
	 */
	void end() throws IOException {
		this.socket.close();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * Answer of a server.
	 *
	 * @param status its status
	 * @param head its first line and headers
	 * @param bytes its body
	 */
	record Response(int status, String head, byte[] bytes) {

		String header(String name) {
			return headerOf(this.head, name);
		}

		String text() {
			return new String(this.bytes, StandardCharsets.UTF_8);
		}

		boolean isClosing() {
			return header("connection").equals("close");
		}

	}

}
