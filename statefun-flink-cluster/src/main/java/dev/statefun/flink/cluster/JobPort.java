package dev.statefun.flink.cluster;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Port on loopback at which the job reads messages and commits records. Only the job
 * knows its token.
 */
final class JobPort implements AutoCloseable {

	private static final System.Logger logger = System.getLogger(JobPort.class.getName());

	private static final long WAIT_MILLIS = 500;

	private final String token = HexFormat.of().formatHex(SecureRandom.getSeed(16));

	private final IngressLog ingress;

	private final EgressLog egress;

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "statefun-flink-cluster-job");
		thread.setDaemon(true);
		return thread;
	});

	private JobPort(IngressLog ingress, EgressLog egress, HttpServer server) {
		this.ingress = ingress;
		this.egress = egress;
		this.server = server;
	}

	static JobPort open(IngressLog ingress, EgressLog egress) throws IOException {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		JobPort opened = new JobPort(ingress, egress, server);
		server.setExecutor(opened.threads);
		server.createContext("/ingress", (exchange) -> opened.answer(exchange, opened::read));
		server.createContext("/egress", (exchange) -> opened.answer(exchange, opened::commit));
		server.start();
		return opened;
	}

	String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	String token() {
		return this.token;
	}

	private void answer(HttpExchange exchange, Answer answer) throws IOException {
		try (exchange) {
			String authorization = exchange.getRequestHeaders().getFirst("Authorization");
			if (authorization == null
					|| !MessageDigest.isEqual(Parts.utf8("Bearer " + this.token), Parts.utf8(authorization))) {
				send(exchange, 401, Parts.utf8("This port is for the job of the cluster alone"));
				return;
			}
			byte[] body = exchange.getRequestBody().readAllBytes();
			try {
				send(exchange, 200, answer.to(exchange.getRequestURI().getQuery(), body));
			}
			catch (IllegalArgumentException ex) {
				send(exchange, 400, Parts.utf8(String.valueOf(ex.getMessage())));
			}
			catch (IOException | RuntimeException ex) {
				logger.log(System.Logger.Level.ERROR, "A request of the job failed; it will try again", ex);
				send(exchange, 500, Parts.utf8(ex.toString()));
			}
			catch (InterruptedException ex) {
				// The port is being closed
				Thread.currentThread().interrupt();
			}
		}
	}

	private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
		exchange.sendResponseHeaders(status, (body.length == 0) ? -1 : body.length);
		exchange.getResponseBody().write(body);
	}

	private byte[] read(String query, byte[] body) throws IOException, InterruptedException {
		Map<Integer, Long> offsets = new TreeMap<>();
		for (String entry : query.substring("offsets=".length()).split(",")) {
			int colon = entry.indexOf(':');
			offsets.put(Integer.valueOf(entry.substring(0, colon)), Long.valueOf(entry.substring(colon + 1)));
		}
		ByteArrayOutputStream messages = new ByteArrayOutputStream();
		this.ingress.read(offsets, WAIT_MILLIS, new DataOutputStream(messages));
		return messages.toByteArray();
	}

	private byte[] commit(String query, byte[] body) throws IOException {
		this.egress.commit(query.substring("transaction=".length()), body);
		return "committed".getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	@FunctionalInterface
	private interface Answer {

		byte[] to(String query, byte[] body) throws IOException, InterruptedException;

	}

}
