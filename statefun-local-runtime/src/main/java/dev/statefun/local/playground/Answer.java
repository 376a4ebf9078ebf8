package dev.statefun.local.playground;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

import com.sun.net.httpserver.HttpExchange;

/**
 * Sends HTTP responses.
 */
final class Answer {

	private static final int NO_BODY = -1;

	/** Bytes of an unwanted body to read, so that the client gets to the response. */
	private static final long UNWANTED = 1 << 28;

	private Answer() {
	}

	static void send(HttpExchange exchange, byte[] body) throws IOException {
		exchange.sendResponseHeaders(200, (body.length == 0) ? NO_BODY : body.length);
		exchange.getResponseBody().write(body);
	}

	static void send(HttpExchange exchange, int status, String text) throws IOException {
		byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
		if (exchange.getRequestMethod().equals("HEAD")) {
			exchange.sendResponseHeaders(status, NO_BODY);
			return;
		}
		exchange.sendResponseHeaders(status, body.length);
		OutputStream out = exchange.getResponseBody();
		out.write(body);
		out.flush();
	}

	static void refuseWebPages(HttpExchange exchange) throws RefusedRequestException {
		WebPages.refuse(exchange.getRequestHeaders(), exchange.getHttpContext().getServer().getAddress().getAddress());
	}

	static void discardRest(HttpExchange exchange) throws IOException {
		InputStream in = exchange.getRequestBody();
		byte[] buffer = new byte[1 << 16];
		long left = UNWANTED;
		for (int read = in.read(buffer); read >= 0 && left > 0; read = in.read(buffer)) {
			left -= read;
		}
	}

}
