package dev.statefun.benchmarks.flink;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import dev.statefun.benchmarks.report.Arguments;
import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.report.Samples;
import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.flink.cluster.FlinkRelease;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.registry.StatefulFunctions;

/**
 * Measures a cluster on this machine: how long it takes to run a job, its memory, and the
 * time between two functions of a chain, each with another id.
 */
public final class ClusterFigures {

	private static final FunctionType HOP = FunctionType.of("bench", "hop");

	private static final int WARM_UP = 300;

	private final FlinkRelease release;

	private final int taskManagers;

	private final int hops;

	private final Hop hop = new Hop();

	private ClusterFigures(FlinkRelease release, int taskManagers, int hops) {
		this.release = release;
		this.taskManagers = taskManagers;
		this.hops = hops;
	}

	/**
	 * Run the measurement.
	 * @param args {@code --taskmanagers}, {@code --hops}, {@code --rounds}
	 * @throws Exception if a cluster does not start
	 */
	public static void main(String[] args) throws Exception {
		Arguments arguments = Arguments.of(args, "taskmanagers", "hops", "rounds");
		int taskManagers = arguments.number("taskmanagers", 2);
		Report.heading("A cluster on this machine, " + taskManagers + " TaskManagers");
		Report.table("Medians:", "release", "buffer timeout", "start to RUNNING, s", "RSS, MiB", "a hop, ms",
				"99 % of hops, ms");
		for (FlinkRelease release : FlinkRelease.values()) {
			for (String timeout : new String[] { "100 ms", "1 ms" }) {
				Samples start = Samples.none();
				Samples memory = Samples.none();
				ClusterFigures figures = new ClusterFigures(release, taskManagers, arguments.number("hops", 1000));
				for (int round = 0; round < arguments.number("rounds", 3); round++) {
					double[] seen = figures.measure(timeout);
					start = start.and(seen[0]);
					memory = memory.and(seen[1]);
				}
				Report.row(release, timeout, Report.number("%.1f", start.median()),
						Report.number("%.0f", memory.median()), Report.number("%.1f", figures.hop.percentile(50)),
						Report.number("%.1f", figures.hop.percentile(99)));
			}
		}
	}

	private double[] measure(String bufferTimeout) throws Exception {
		StatefulFunctions functions = StatefulFunctions.builder().register(HOP.toString(), this.hop).build();
		HttpServer server = serve(new RequestReplyHandler(functions));
		try {
			long begin = System.nanoTime();
			try (FlinkCluster cluster = FlinkCluster.builder()
				.release(this.release)
				.taskManagers(this.taskManagers)
				.flink("execution.buffer-timeout", bufferTimeout)
				.start()) {
				cluster.submit(module(server.getAddress().getPort()));
				double start = (System.nanoTime() - begin) / 1e9;
				this.hop.run(cluster, functions.mappings().of(Integer.class), WARM_UP);
				this.hop.forget();
				this.hop.run(cluster, functions.mappings().of(Integer.class), this.hops);
				return new double[] { start, residentMegabytes() };
			}
		}
		finally {
			server.stop(0);
		}
	}

	private static HttpServer serve(RequestReplyHandler handler) throws IOException {
		// Otherwise an answer waits for the acknowledgment of its head
		System.setProperty("sun.net.httpserver.nodelay", "true");
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.createContext("/", (exchange) -> {
			byte[] reply = handler.handle(exchange.getRequestBody().readAllBytes()).toCompletableFuture().join();
			exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
			exchange.sendResponseHeaders(200, reply.length);
			exchange.getResponseBody().write(reply);
			exchange.close();
		});
		server.start();
		return server;
	}

	private String module(int port) {
		String endpoint = "http://127.0.0.1:" + port + "/";
		return (this.release == FlinkRelease.STATEFUN_3_3) ? """
				kind: io.statefun.endpoints.v2/http
				spec:
				  functions: bench/hop
				  urlPathTemplate: %s
				  transport:
				    type: io.statefun.transports.v1/async
				""".formatted(endpoint) : """
				version: '2.0'
				module:
				  meta:
				    type: remote
				  spec:
				    functions:
				      - function:
				          meta: {kind: http, type: bench/hop}
				          spec: {endpoint: '%s'}
				""".formatted(endpoint);
	}

	private static double residentMegabytes() throws IOException {
		long kilobytes = 0;
		for (ProcessHandle child : ProcessHandle.current().children().toList()) {
			for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(child.pid()), "status"))) {
				if (line.startsWith("VmRSS:")) {
					kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
				}
			}
		}
		return kilobytes / 1024.0;
	}

	/**
	 * Sends a number to another id until it is zero. One message is under way at a time.
	 */
	static final class Hop {

		private Samples millis = Samples.none();

		private long last;

		private volatile boolean ended;

		@Handler
		synchronized void hop(int left, Context context) {
			long now = System.nanoTime();
			if (this.last != 0) {
				this.millis = this.millis.and((now - this.last) / 1e6);
			}
			this.last = now;
			if (left > 0) {
				context.send(HOP, "id-" + ThreadLocalRandom.current().nextInt(10_000), left - 1);
			}
			else {
				this.ended = true;
			}
		}

		void run(FlinkCluster cluster, MessageMapping<Integer> mapping, int hops) throws Exception {
			this.ended = false;
			this.last = 0;
			byte[] value = mapping.codec().encode(hops);
			cluster.send(Address.of(HOP, "first"),
					Any.newBuilder().setTypeUrl(mapping.typename()).setValue(ByteString.copyFrom(value)).build());
			long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
			while (!this.ended) {
				if (System.nanoTime() > end) {
					throw new IllegalStateException(
							"The chain did not end within three minutes: " + cluster.logTails());
				}
				TimeUnit.MILLISECONDS.sleep(50);
			}
		}

		void forget() {
			this.millis = Samples.none();
		}

		double percentile(int percent) {
			return this.millis.percentile(percent);
		}

	}

}
