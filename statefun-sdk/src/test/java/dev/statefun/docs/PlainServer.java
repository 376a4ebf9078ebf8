package dev.statefun.docs;

import java.io.IOException;
import java.net.InetSocketAddress;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * The server that the documentation shows.
 */
final class PlainServer {

	private PlainServer() {
	}

	static HttpServer create(InetSocketAddress address) throws IOException {
		StatefulFunctions functions = StatefulFunctions.builder().register("example/adder", new Adder()).build();
		RequestReplyHandler handler = new RequestReplyHandler(functions);
		HttpServer server = HttpServer.create(address, 0);
		server.createContext("/statefun", (exchange) -> {
			byte[] request = exchange.getRequestBody().readAllBytes();
			handler.handle(request).whenComplete((reply, failure) -> answer(exchange, reply, failure));
		});
		return server;
	}

	private static void answer(HttpExchange exchange, byte @Nullable [] reply, @Nullable Throwable failure) {
		try (exchange) {
			if (reply == null) {
				exchange.sendResponseHeaders(500, -1);
				return;
			}
			exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
			exchange.sendResponseHeaders(200, reply.length);
			exchange.getResponseBody().write(reply);
		}
		catch (IOException ex) {
			// The cluster has gone; it sends the batch again
		}
	}

	static final class Adder {

		@Handler
		void add(int amount, @Persisted("sum") PersistedValue<Integer> sum) {
			sum.set(sum.get().orElse(0) + amount);
		}

	}

}
