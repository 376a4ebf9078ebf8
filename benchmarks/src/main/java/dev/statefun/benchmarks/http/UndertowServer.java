package dev.statefun.benchmarks.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.statefun.benchmarks.report.Arguments;
import dev.statefun.benchmarks.workload.Names;
import dev.statefun.benchmarks.workload.OfficialFunctions;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import org.apache.flink.statefun.sdk.java.StatefulFunctionSpec;
import org.apache.flink.statefun.sdk.java.StatefulFunctions;
import org.apache.flink.statefun.sdk.java.TypeName;
import org.apache.flink.statefun.sdk.java.ValueSpec;
import org.apache.flink.statefun.sdk.java.handler.RequestReplyHandler;
import org.apache.flink.statefun.sdk.java.slice.Slice;
import org.apache.flink.statefun.sdk.java.slice.Slices;
import org.jspecify.annotations.Nullable;

/**
 * The official SDK on Undertow, as in Apache's examples: functions run on Undertow's I/O
 * threads.
 */
public final class UndertowServer implements HttpHandler {

	private final RequestReplyHandler handler;

	UndertowServer(RequestReplyHandler handler) {
		this.handler = handler;
	}

	public static void main(String[] args) {
		Arguments arguments = Arguments.of(args, "server.port", "server.address", "function");
		start(arguments.number("server.port", 8080),
				arguments.text("function", "").equals("slow") ? slow() : OfficialFunctions.handler());
	}

	static Undertow start(int port, RequestReplyHandler handler) {
		Undertow server = Undertow.builder()
			.addHttpListener(port, "127.0.0.1")
			.setHandler(new UndertowServer(handler))
			.build();
		server.start();
		return server;
	}

	@Override
	public void handleRequest(HttpServerExchange exchange) {
		exchange.getRequestReceiver().receiveFullBytes(this::handle);
	}

	// Dispatched as in the examples
	@SuppressWarnings("deprecation")
	private void handle(HttpServerExchange exchange, byte[] body) {
		CompletableFuture<Slice> reply = this.handler.handle(Slices.wrap(body));
		exchange.dispatch();
		reply.whenComplete((bytes, failure) -> answer(exchange, bytes, failure));
	}

	private static void answer(HttpServerExchange exchange, @Nullable Slice reply, @Nullable Throwable failure) {
		if (reply == null) {
			System.err.println("A batch failed: " + failure);
			exchange.setStatusCode(500);
			exchange.endExchange();
			return;
		}
		exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/octet-stream");
		exchange.getResponseSender().send(reply.asReadOnlyByteBuffer());
	}

	// Functions must not block there, but can wait with a stage
	private static RequestReplyHandler slow() {
		ValueSpec<Integer> count = ValueSpec.named(Names.STATE).withIntType();
		return new StatefulFunctions()
			.withStatefulFunction(StatefulFunctionSpec.builder(TypeName.typeNameFromString(Names.COUNTER))
				.withValueSpec(count)
				.withSupplier(() -> (context, message) -> new CompletableFuture<Void>()
					.completeOnTimeout(null, BlockingServer.BLOCKING_MILLIS, TimeUnit.MILLISECONDS)
					.thenAccept((nothing) -> context.storage()
						.set(count, context.storage().get(count).orElse(0) + message.asInt())))
				.build())
			.requestReplyHandler();
	}

}
