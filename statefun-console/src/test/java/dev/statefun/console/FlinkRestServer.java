package dev.statefun.console;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.sun.net.httpserver.HttpServer;

/**
 * Answers as the REST interface of Flink 1.16 does, about a cluster with one job.
 */
public final class FlinkRestServer implements AutoCloseable {

	private static final String JOB = "0123456789abcdef0123456789abcdef";

	private static final Map<String, String> ANSWERS = Map.of("/config", "{\"flink-version\":\"1.16.2\"}",
			"/jobs/overview",
			"{\"jobs\":[{\"jid\":\"" + JOB + "\",\"name\":\"StatefulFunctions\",\"state\":\"RUNNING\","
					+ "\"start-time\":1767225600000,\"duration\":60000}]}",
			"/jobs/" + JOB + "/checkpoints",
			"{\"counts\":{\"completed\":12,\"failed\":1},"
					+ "\"latest\":{\"completed\":{\"latest_ack_timestamp\":1767225660000}}}",
			"/jobs/" + JOB + "/exceptions", "{\"root-exception\":\"java.lang.Exception: x\"}");

	private final HttpServer server;

	/**
	 * Start on a free port.
	 * @throws IOException if that fails
	 */
	public FlinkRestServer() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", (exchange) -> {
			byte[] body = ANSWERS.getOrDefault(exchange.getRequestURI().getPath(), "{}")
				.getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		this.server.start();
	}

	/**
	 * Return its address.
	 * @return the URL
	 */
	public String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
