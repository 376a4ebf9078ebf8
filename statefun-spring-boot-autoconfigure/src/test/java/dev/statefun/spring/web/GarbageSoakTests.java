package dev.statefun.spring.web;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.testing.ClusterRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A million random and mutated requests of both dialects against a running service. Each
 * is answered with 200 or 500, later valid requests are answered correctly, and neither
 * heap nor threads grow. Prints its figures.
 */
@Tag("soak")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "server.address=127.0.0.1", "logging.level.dev.statefun=OFF" })
class GarbageSoakTests {

	private static final int CLIENTS = 4;

	private static final int WARM_UP = 100_000;

	private static final int REQUESTS = 1_000_000;

	private static final List<byte[]> GOOD = List.of(
			ClusterRequest.v2("test/counter", "joe").intState("total", 40).message(2).toByteArray(),
			ClusterRequest.v3("test/counter", "joe").intState("total", 40).message(2).toByteArray(),
			ClusterRequest.v3("test/counter", "joe").message(2).toByteArray(),
			ClusterRequest.v2("test/counter", "joe")
				.absentState("total")
				.messageFrom("test/other", "ann", 1)
				.messageFrom("test/other", "bob", 2)
				.toByteArray());

	@LocalServerPort
	private int port;

	@Test
	void garbageDoesNotAffectLaterRequests() throws Exception {
		send(WARM_UP, 1);
		long heapBefore = usedHeap();
		int threadsBefore = Thread.activeCount();
		long begin = System.nanoTime();
		AtomicIntegerArray statuses = send(REQUESTS, 2);
		double seconds = (System.nanoTime() - begin) / 1e9;
		long heapAfter = usedHeap();
		int threadsAfter = Thread.activeCount();
		System.out.printf("%d requests in %.0f s: %d x 200, %d x 500; heap %d -> %d KiB, threads %d -> %d%n", REQUESTS,
				seconds, statuses.get(200), statuses.get(500), heapBefore >> 10, heapAfter >> 10, threadsBefore,
				threadsAfter);
		assertThat(statuses.get(200) + statuses.get(500)).isEqualTo(REQUESTS);
		assertThat(statuses.get(200)).isGreaterThan(REQUESTS / 50);
		assertThat(statuses.get(500)).isGreaterThan(REQUESTS / 4);
		assertThat(heapAfter - heapBefore).isLessThan(16 << 20);
		assertThat(threadsAfter).isLessThanOrEqualTo(threadsBefore + 2);
	}

	private AtomicIntegerArray send(int count, int seed) throws Exception {
		AtomicIntegerArray statuses = new AtomicIntegerArray(600);
		ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
		try {
			List<Future<?>> all = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				int client = i;
				all.add(clients.submit(() -> {
					try (Client connection = new Client(this.port, client)) {
						Random random = new Random(seed * 31L + client);
						for (int k = 0; k < count / CLIENTS; k++) {
							statuses.incrementAndGet(connection.post(garbage(random)));
							if (k % 1000 == 0) {
								assertThat(connection.post(GOOD.get(k / 1000 % GOOD.size()))).isEqualTo(200);
							}
						}
					}
					return null;
				}));
			}
			for (Future<?> each : all) {
				each.get(20, TimeUnit.MINUTES);
			}
			return statuses;
		}
		finally {
			clients.shutdownNow();
			clients.awaitTermination(10, TimeUnit.SECONDS);
		}
	}

	private static byte[] garbage(Random random) {
		if (random.nextInt(10) == 0) {
			byte[] bytes = new byte[random.nextInt(200)];
			random.nextBytes(bytes);
			return bytes;
		}
		byte[] bytes = GOOD.get(random.nextInt(GOOD.size())).clone();
		for (int i = random.nextInt(3); i >= 0; i--) {
			bytes = mutated(bytes, random);
		}
		return bytes;
	}

	private static byte[] mutated(byte[] bytes, Random random) {
		if (bytes.length == 0) {
			return bytes;
		}
		int at = random.nextInt(bytes.length);
		switch (random.nextInt(4)) {
			case 0 -> {
				return Arrays.copyOf(bytes, at);
			}
			case 1 -> {
				byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(8));
				System.arraycopy(bytes, at, longer, longer.length - bytes.length + at, bytes.length - at);
				return longer;
			}
			case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
			default -> bytes[at] = (byte) random.nextInt();
		}
		return bytes;
	}

	private static long usedHeap() {
		long used = Long.MAX_VALUE;
		for (int i = 0; i < 5; i++) {
			System.gc();
			used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
		}
		return used;
	}

	/**
	 * A connection that is reopened when the server closes it. Each has its own address,
	 * because the server closes the connection with every 500.
	 */
	private static final class Client implements AutoCloseable {

		private final InetSocketAddress server;

		private final InetAddress own;

		private Socket socket = new Socket();

		private Client(int port, int number) throws IOException {
			this.server = new InetSocketAddress("127.0.0.1", port);
			this.own = InetAddress.getByName("127.0.0." + (10 + number));
			this.socket.close();
		}

		private int post(byte[] body) throws IOException {
			if (this.socket.isClosed()) {
				this.socket = new Socket();
				this.socket.bind(new InetSocketAddress(this.own, 0));
				this.socket.connect(this.server, 10_000);
				this.socket.setSoTimeout(10_000);
				this.socket.setTcpNoDelay(true);
			}
			OutputStream out = new BufferedOutputStream(this.socket.getOutputStream());
			out.write(("POST /statefun HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
					+ "Content-Length: " + body.length + "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
			out.write(body);
			out.flush();
			InputStream in = new BufferedInputStream(this.socket.getInputStream());
			int status = Integer.parseInt(line(in).split(" ")[1]);
			int length = 0;
			boolean close = false;
			for (String header = line(in); !header.isEmpty(); header = line(in)) {
				if (header.startsWith("Content-Length: ")) {
					length = Integer.parseInt(header.substring(16));
				}
				close |= header.equals("Connection: close");
			}
			assertThat(in.readNBytes(length)).hasSize(length);
			if (close) {
				this.socket.close();
			}
			return status;
		}

		private static String line(InputStream in) throws IOException {
			StringBuilder line = new StringBuilder();
			for (int c = in.read(); c != '\n'; c = in.read()) {
				if (c < 0) {
					throw new IOException("the server closed the connection without an answer");
				}
				if (c != '\r') {
					line.append((char) c);
				}
			}
			return line.toString();
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
		}

	}

	@StatefulFunction("test/counter")
	static class Counter {

		@Handler
		void add(int amount, @Persisted("total") PersistedValue<Integer> total) {
			total.set(total.get().orElse(0) + amount);
		}

	}

	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	@Import(Counter.class)
	static class Functions {

	}

}
