package dev.statefun.flink.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

import com.google.protobuf.SourceContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.statefun.module.MessageDescriptors;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * A service in this JVM with a function that counts its messages, and sends each count to
 * an egress.
 */
final class CountingService implements AutoCloseable {

	static final String FUNCTION = "test/counter";

	static final String EGRESS = "test/counts";

	/** Message that makes the function use an egress that a cluster does not have. */
	static final String ELSEWHERE = "elsewhere";

	private final HttpServer server;

	private final StatefulFunctions functions;

	private CountingService(HttpServer server, StatefulFunctions functions) {
		this.server = server;
		this.functions = functions;
	}

	static CountingService start() throws IOException {
		StatefulFunctions functions = StatefulFunctions.builder().register(FUNCTION, new Counter()).build();
		RequestReplyHandler handler = new RequestReplyHandler(functions);
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.setExecutor(Executors.newCachedThreadPool());
		server.createContext("/statefun", (exchange) -> {
			byte[] request = exchange.getRequestBody().readAllBytes();
			handler.handle(request).whenComplete((reply, failure) -> answer(exchange, reply, failure));
		});
		server.start();
		return new CountingService(server, functions);
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
	 * Write the descriptors of messages, as an application does that has functions.
	 * @param file the file
	 * @return the file
	 */
	Path writeDescriptors(Path file) throws IOException {
		return Files.write(file, MessageDescriptors.of(this.functions).toByteArray());
	}

	String module(FlinkRelease release) {
		String endpoint = "http://127.0.0.1:" + this.server.getAddress().getPort() + "/statefun";
		return switch (release) {
			case STATEFUN_3_3 -> """
					kind: io.statefun.endpoints.v2/http
					spec:
					  functions: %s
					  urlPathTemplate: %s
					""".formatted(FUNCTION, endpoint);
			case STATEFUN_2_2 -> """
					version: '2.0'
					module:
					  meta:
					    type: remote
					  spec:
					    functions:
					      - function:
					          meta:
					            kind: http
					            type: %s
					          spec:
					            endpoint: %s
					            states:
					              - name: count
					""".formatted(FUNCTION, endpoint);
		};
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

	static final class Counter {

		@Handler
		void count(SourceContext message, @Persisted("count") PersistedValue<Integer> count, Context context) {
			count(message.getFileName(), count, context);
		}

		@Handler
		void count(String message, @Persisted("count") PersistedValue<Integer> count, Context context) {
			int next = count.get().orElse(0) + 1;
			count.set(next);
			context.sendEgress(message.equals(ELSEWHERE) ? "test/" + ELSEWHERE : EGRESS,
					context.self().id() + " " + next + " " + message);
		}

	}

}
