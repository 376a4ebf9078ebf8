package dev.statefun.flink.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.statefun.sdk.handler.RequestReplyHandler;
import org.jspecify.annotations.Nullable;

/**
 * A service in this JVM that a cluster calls.
 */
final class FunctionService implements AutoCloseable {

	private final HttpServer server;

	private FunctionService(HttpServer server) {
		this.server = server;
	}

	static FunctionService start(RequestReplyHandler handler) throws IOException {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.setExecutor(Executors.newCachedThreadPool());
		server.createContext("/statefun", (exchange) -> {
			byte[] request = exchange.getRequestBody().readAllBytes();
			handler.handle(request).whenComplete((reply, failure) -> answer(exchange, reply, failure));
		});
		server.start();
		return new FunctionService(server);
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
			// A killed TaskManager; the cluster sends the batch again
		}
	}

	/**
	 * Return the module of this service.
	 * @param release release whose format it has
	 * @param state state of each function that 2.x knows from there
	 * @param functions types of the functions
	 * @return the text of a {@code module.yaml}
	 */
	String module(FlinkRelease release, String state, String... functions) {
		String endpoint = "http://127.0.0.1:" + this.server.getAddress().getPort() + "/statefun";
		StringBuilder module = new StringBuilder();
		if (release == FlinkRelease.STATEFUN_3_3) {
			for (String function : functions) {
				module.append(module.isEmpty() ? "" : "---\n").append("""
						kind: io.statefun.endpoints.v2/http
						spec:
						  functions: %s
						  urlPathTemplate: %s
						""".formatted(function, endpoint));
			}
			return module.toString();
		}
		module.append("""
				version: '2.0'
				module:
				  meta:
				    type: remote
				  spec:
				    functions:
				""");
		for (String function : functions) {
			module.append("""
					- function:
					    meta:
					      kind: http
					      type: %s
					    spec:
					      endpoint: %s
					      states:
					        - name: %s
					""".formatted(function, endpoint, state).indent(6));
		}
		return module.toString();
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
