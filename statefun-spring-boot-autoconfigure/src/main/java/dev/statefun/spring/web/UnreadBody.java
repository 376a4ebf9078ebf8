package dev.statefun.spring.web;

import java.io.IOException;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Marks requests that are answered before their body was read completely. The connection
 * of such a request can't be reused without the rest of the body, and waiting for that
 * would occupy a thread for an unlimited time. So the connection is closed after the
 * answer: by the server itself, or by a valve in Tomcat, which would read on.
 * <p>
 * Bytes in the server's buffer cost nothing: a request whose whole body is there keeps
 * its connection.
 *
 * @since 0.1.0
 */
public final class UnreadBody {

	private static final String LEFT = UnreadBody.class.getName() + ".LEFT";

	/** Size of a server's buffer; larger bodies are not read. */
	private static final int MAX_DISCARDED = 8192;

	private UnreadBody() {
	}

	/**
	 * Mark a request whose body was not read, unless the whole body is there.
	 * @param request the request
	 * @throws IOException if its body can't be read
	 */
	public static void leaveUnlessBuffered(HttpServletRequest request) throws IOException {
		if (!discard(request)) {
			leave(request);
		}
	}

	static void leave(HttpServletRequest request) {
		request.setAttribute(LEFT, true);
	}

	/**
	 * Return whether the rest of the request's body will not be read.
	 * @param request the request
	 * @return whether its connection is to be closed after the answer
	 */
	public static boolean isLeft(ServletRequest request) {
		return request.getAttribute(LEFT) != null;
	}

	/**
	 * Announce that the connection is closed after the answer, if the request's body is
	 * left unread.
	 * @param request the request
	 * @param response its response, which is not committed
	 */
	public static void closeConnection(HttpServletRequest request, HttpServletResponse response) {
		if (isLeft(request) && request.getProtocol().startsWith("HTTP/1")) {
			response.setHeader("Connection", "close");
		}
	}

	private static boolean discard(HttpServletRequest request) throws IOException {
		long size = request.getContentLengthLong();
		if (size <= 0 || size > MAX_DISCARDED) {
			return size == 0 || (size < 0 && request.getHeader("Transfer-Encoding") == null);
		}
		ServletInputStream in = request.getInputStream();
		byte[] discarded = new byte[(int) size];
		int length = 0;
		while (length < size && in.available() > 0) {
			int count = in.read(discarded, length, discarded.length - length);
			if (count < 0) {
				return false;
			}
			length += count;
		}
		return length == size;
	}

}
