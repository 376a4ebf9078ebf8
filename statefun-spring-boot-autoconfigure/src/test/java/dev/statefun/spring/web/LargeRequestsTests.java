package dev.statefun.spring.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.testing.ClusterRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fifty connections that each post 64 MB of garbage at the same time, to a service with a
 * heap of 256 MB that accepts 64 MB. It neither runs out of memory nor stops serving.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LargeRequestsTests {

	private static final int CONNECTIONS = 50;

	private static final int SIZE = 64 << 20;

	private static final byte[] GOOD = ClusterRequest.v3("test/echo", "a").messageFrom("test/a", "b", 1).toByteArray();

	@Test
	void heapStaysWithinTheLimit() throws Exception {
		Process service = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-cp",
				System.getProperty("java.class.path"), Service.class.getName())
			.redirectErrorStream(true)
			.start();
		ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);
		try {
			BufferedReader output = service.inputReader();
			int port = numberAfter("PORT ", output);
			byte[] garbage = new byte[1 << 16];
			new Random(1).nextBytes(garbage);
			List<Future<String>> answers = new ArrayList<>();
			for (int i = 0; i < CONNECTIONS; i++) {
				answers.add(clients.submit(() -> post(port, garbage, SIZE)));
			}
			List<String> seen = new ArrayList<>();
			for (Future<String> answer : answers) {
				seen.add(answer.get(4, TimeUnit.MINUTES));
			}
			assertThat(seen).as("responses, or connections closed without one").isSubsetOf("500", "429", "");
			assertThat(seen).contains("500");
			assertThat(post(port, GOOD, GOOD.length)).isEqualTo("200");
			assertThat(service.isAlive()).isTrue();
			service.outputWriter().append("collect\n").flush();
			assertThat(numberAfter("LIVE ", output)).as("MB that remain").isLessThan(60);
		}
		finally {
			clients.shutdownNow();
			service.destroyForcibly();
		}
	}

	private static int numberAfter(String start, BufferedReader output) throws IOException {
		StringBuilder seen = new StringBuilder();
		for (String line = output.readLine(); line != null; line = output.readLine()) {
			if (line.startsWith(start)) {
				return Integer.parseInt(line.substring(start.length()));
			}
			seen.append(line).append('\n');
		}
		throw new AssertionError("No line with '" + start + "' in\n" + seen);
	}

	// Returns the status, or an empty text if the server closes the connection first
	private static String post(int port, byte[] content, int size) throws IOException {
		try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
			socket.setSoTimeout(120_000);
			InputStream in = socket.getInputStream();
			try {
				OutputStream out = socket.getOutputStream();
				out.write(("POST /statefun HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
						+ "Content-Length: " + size + "\r\nConnection: close\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
				for (int left = size; left > 0 && in.available() == 0; left -= content.length) {
					out.write(content, 0, Math.min(left, content.length));
				}
				out.flush();
				byte[] start = in.readNBytes("HTTP/1.1 200".length());
				return new String(start, StandardCharsets.US_ASCII).replaceFirst("HTTP/1.1 ", "");
			}
			catch (IOException ex) {
				// Closed during the transfer of the body
				return "";
			}
		}
	}

	/**
	 * The service in a separate process.
	 */
	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	@Import(Echo.class)
	public static class Service {

		public static void main(String[] arguments) throws IOException {
			ConfigurableApplicationContext context = SpringApplication.run(Service.class, "--server.address=127.0.0.1",
					"--server.port=0", "--statefun.max-in-flight-bytes=64MB", "--statefun.queue-timeout=2s");
			System.out.println("\nPORT "
					+ Objects.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer()).getPort());
			while (System.in.read() != '\n') {
				continue;
			}
			System.gc();
			long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
			System.out.println("\nLIVE " + (used >> 20));
		}

	}

	@StatefulFunction("test/echo")
	static class Echo {

		@Handler
		int on(int message) {
			return message;
		}

	}

}
