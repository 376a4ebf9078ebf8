package dev.statefun.local.playground;

import java.io.IOException;
import java.util.List;

import com.google.protobuf.Any;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.http.HttpMessages;
import dev.statefun.sdk.http.HttpMessages.MessageType;
import dev.statefun.sdk.http.RequestPath;
import dev.statefun.sdk.http.UnreadableRequestException;
import dev.statefun.sdk.http.UnreadableRequestException.Fault;
import org.jspecify.annotations.Nullable;

/**
 * Accepts messages for functions.
 */
final class IngressHandler implements HttpHandler {

	private final PlaygroundTarget target;

	private final HttpMessages messages;

	private final int maxRequestSize;

	IngressHandler(PlaygroundTarget target, HttpMessages messages, int maxRequestSize) {
		this.target = target;
		this.messages = messages;
		this.maxRequestSize = maxRequestSize;
	}

	@Override
	public void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			try {
				accept(exchange);
				Answer.send(exchange, new byte[0]);
			}
			catch (RefusedRequestException ex) {
				if (ex.status == 405) {
					exchange.getResponseHeaders().set("Allow", "PUT, POST");
				}
				Answer.send(exchange, ex.status, ex.text);
				Answer.discardRest(exchange);
			}
			catch (UnreadableRequestException ex) {
				Answer.send(exchange, (ex.fault() == Fault.NO_LIBRARY) ? 501 : 400, ex.text());
				Answer.discardRest(exchange);
			}
		}
	}

	private void accept(HttpExchange exchange) throws IOException, RefusedRequestException, UnreadableRequestException {
		Answer.refuseWebPages(exchange);
		String method = exchange.getRequestMethod();
		if (!method.equals("PUT") && !method.equals("POST")) {
			throw new RefusedRequestException(405,
					"Method " + method + " is not supported here; send a message with PUT");
		}
		Address target = target(RequestPath.of(exchange.getRequestURI()));
		MessageType type = this.messages.type(exchange.getRequestHeaders().get("Content-Type"));
		Headers headers = HttpHeaders.read(exchange.getRequestHeaders());
		Any message = this.messages.message(target.type(), type, body(exchange));
		try {
			this.target.send(target, message, headers);
		}
		catch (IllegalStateException ex) {
			throw new RefusedRequestException(503, ex.getMessage());
		}
	}

	private Address target(RequestPath path) throws RefusedRequestException, UnreadableRequestException {
		List<String> segments = path.segments();
		if (segments.size() != 3 || segments.contains("")) {
			throw new RefusedRequestException(400, "The path '" + path.raw() + "' has the segments " + segments
					+ "; expected three that are not empty: /{namespace}/{name}/{id}. Write '%2F' for a '/' in an id");
		}
		FunctionType type = type(segments.get(0), segments.get(1));
		if (type == null || !this.target.serves(type)) {
			throw new RefusedRequestException(404, "There is no function '" + segments.get(0) + "/" + segments.get(1)
					+ "' here; there are " + this.target.functions());
		}
		return Address.of(type, segments.get(2));
	}

	private static @Nullable FunctionType type(String namespace, String name) {
		try {
			return FunctionType.of(namespace, name);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private byte[] body(HttpExchange exchange) throws IOException, RefusedRequestException {
		long declared = declaredLength(exchange);
		byte[] body = (declared > this.maxRequestSize) ? new byte[0]
				: exchange.getRequestBody().readNBytes(this.maxRequestSize + 1);
		if (declared > this.maxRequestSize || body.length > this.maxRequestSize) {
			throw new RefusedRequestException(413,
					"The body of " + ((declared >= 0) ? declared + " bytes" : "unknown length")
							+ " is larger than the limit 'maxRequestSize' of " + this.maxRequestSize + " bytes");
		}
		if (declared >= 0 && body.length < declared) {
			throw new RefusedRequestException(400,
					"The body ended after " + body.length + " of " + declared + " bytes");
		}
		return body;
	}

	private static long declaredLength(HttpExchange exchange) {
		String length = exchange.getRequestHeaders().getFirst("Content-Length");
		return (length != null) ? Long.parseLong(length) : -1;
	}

}
