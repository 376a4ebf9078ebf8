package dev.statefun.benchmarks.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.statefun.benchmarks.fork.JavaCommand;
import dev.statefun.benchmarks.fork.Version;
import dev.statefun.benchmarks.workload.OurFunctions;
import dev.statefun.benchmarks.workload.ReplyContent;
import dev.statefun.sdk.handler.RequestReplyHandler;

/**
 * A server in a JVM of its own, with the Java installation of this program, on loopback.
 */
public final class ServerProcess implements AutoCloseable {

	private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

	private final Process process;

	private final int port;

	/** Time at which the process was started. */
	private final long begin;

	private ServerProcess(Process process, long begin, int port) {
		this.process = process;
		this.begin = begin;
		this.port = port;
	}

	static ServerProcess start(Version version, Class<?> main, Path log, String... arguments) throws Exception {
		int port = freePort();
		ProcessBuilder command = JavaCommand.with("-Xmx512m")
			.run(version, main, "--server.port=" + port, "--server.address=127.0.0.1")
			.and(List.of(arguments))
			.process()
			.redirectErrorStream(true)
			.redirectOutput(log.toFile());
		long begin = System.nanoTime();
		ServerProcess server = new ServerProcess(command.start(), begin, port);
		try {
			server.awaitStart(log);
			return server;
		}
		catch (Throwable ex) {
			server.close();
			throw ex;
		}
	}

	private void awaitStart(Path log) throws Exception {
		long end = System.nanoTime() + START_TIMEOUT.toNanos();
		while (!isListening()) {
			if (!this.process.isAlive() || System.nanoTime() - end > 0) {
				throw new IllegalStateException("The server did not start:\n" + Files.readString(log));
			}
			TimeUnit.MILLISECONDS.sleep(5);
		}
	}

	private boolean isListening() {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port));
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Require the right reply to a request for the counter.
	 * @param path path of the endpoint
	 * @param request the body
	 */
	public void requireRightReply(String path, byte[] request) throws Exception {
		HttpResponse<byte[]> response = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(url(path)))
				.header("Content-Type", "application/octet-stream")
				.POST(HttpRequest.BodyPublishers.ofByteArray(request))
				.build(), HttpResponse.BodyHandlers.ofByteArray());
		String type = response.headers().firstValue("Content-Type").orElse("none");
		if (response.statusCode() != 200 || !type.equals("application/octet-stream")) {
			throw new IllegalStateException("Status " + response.statusCode() + ", content type " + type);
		}
		byte[] expected = new RequestReplyHandler(OurFunctions.registry()).handle(request).toCompletableFuture().join();
		ReplyContent.requireSame(expected, response.body());
	}

	/**
	 * Return the URL of a path.
	 * @param path the path
	 * @return the URL
	 */
	public String url(String path) {
		return "http://127.0.0.1:" + this.port + path;
	}

	/**
	 * Return the time since the server's process was started.
	 * @return the time
	 */
	Duration age() {
		return Duration.ofNanos(System.nanoTime() - this.begin);
	}

	/**
	 * Return the processor time that the server has used.
	 * @return the time of all its threads
	 */
	public Duration cpu() {
		return this.process.info().totalCpuDuration().orElseThrow();
	}

	/**
	 * Return the resident memory of the server, inside and outside of the heap.
	 * @return the memory in MiB
	 */
	double residentMegabytes() throws IOException {
		for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(this.process.pid()), "status"))) {
			if (line.startsWith("VmRSS:")) {
				return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
			}
		}
		throw new IllegalStateException("The server has ended");
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

}
