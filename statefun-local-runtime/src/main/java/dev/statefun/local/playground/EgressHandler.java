package dev.statefun.local.playground;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.statefun.local.playground.PlaygroundTopics.Payload;
import dev.statefun.sdk.http.RequestPath;
import dev.statefun.sdk.http.UnreadableRequestException;

/**
 * Serves the payloads that functions have sent to egresses.
 */
final class EgressHandler implements HttpHandler {

	private final PlaygroundTopics topics;

	private final Duration wait;

	EgressHandler(PlaygroundTopics topics, Duration wait) {
		this.topics = topics;
		this.wait = wait;
	}

	@Override
	public void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			try {
				answer(exchange);
			}
			catch (RefusedRequestException ex) {
				if (ex.status == 405) {
					exchange.getResponseHeaders().set("Allow", "GET");
				}
				Answer.send(exchange, ex.status, ex.text);
				Answer.discardRest(exchange);
			}
			catch (UnreadableRequestException ex) {
				Answer.send(exchange, 400, ex.text());
				Answer.discardRest(exchange);
			}
			catch (InterruptedException ex) {
				// The server is stopping
				Thread.currentThread().interrupt();
			}
		}
	}

	private void answer(HttpExchange exchange)
			throws IOException, RefusedRequestException, UnreadableRequestException, InterruptedException {
		Answer.refuseWebPages(exchange);
		if (!exchange.getRequestMethod().equals("GET")) {
			throw new RefusedRequestException(405,
					"Method " + exchange.getRequestMethod() + " is not supported here; take a payload with GET");
		}
		RequestPath path = RequestPath.of(exchange.getRequestURI());
		if (path.raw().equals("/")) {
			Answer.send(exchange, 200, overview());
			return;
		}
		List<String> segments = path.segments();
		if (segments.size() > 2 || segments.contains("")) {
			throw new RefusedRequestException(400, "The path '" + path.raw() + "' has the segments " + segments
					+ "; expected /{topic}, or /{namespace}/{name} of an egress, or / for a list of topics");
		}
		String topic = String.join("/", segments);
		Optional<Payload> payload = this.topics.takeWithHeaders(topic, this.wait);
		if (payload.isEmpty()) {
			throw new RefusedRequestException(404, nothing(topic));
		}
		HttpHeaders.write(payload.get().headers(), exchange.getResponseHeaders());
		Answer.send(exchange, payload.get().bytes());
	}

	private String overview() {
		SortedMap<String, Integer> sizes = this.topics.sizes();
		return sizes.isEmpty() ? "No function has sent anything to an egress yet"
				: sizes.entrySet()
					.stream()
					.map((topic) -> topic.getKey() + " " + topic.getValue())
					.collect(Collectors.joining("\n"));
	}

	private String nothing(String topic) {
		SortedMap<String, Integer> sizes = this.topics.sizes();
		if (sizes.containsKey(topic)) {
			return "Topic '" + topic + "' is empty";
		}
		return "Unknown topic '" + topic + "'; " + (sizes.isEmpty() ? "no function has sent anything to an egress yet"
				: "there are " + String.join(", ", sizes.keySet()));
	}

}
