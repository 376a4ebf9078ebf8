package dev.statefun.spring.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.statefun.local.Effects;
import dev.statefun.local.HttpFunctionEndpoint;
import dev.statefun.local.LocalRuntime;
import dev.statefun.local.LocalRuntimeException;
import dev.statefun.local.LocalRuntimeListener;
import dev.statefun.local.RequestFailedException;
import dev.statefun.local.Transport;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.OnFailure;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.testing.ClusterRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An hour of all attacks at once, alongside a well-behaved cluster. Its requests are
 * answered 200, or 429 and then 200, and its counts are exact. Heap, threads, files and
 * log of the service stay level. Prints its figures; {@code soak.minutes} shortens it.
 */
@Tag("soak")
class AttackSoakTests {

	private static final Log logger = LogFactory.getLog(AttackSoakTests.class);

	private static final Duration TIME = Duration.ofMinutes(Integer.getInteger("soak.minutes", 60));

	private static final int SAMPLES = 12;

	private static final String SECRET = "q7Rk2vXw-0123456789.abcdef~";

	private static final Pattern STATUS = Pattern.compile("answered status (\\d+)");

	private static final int GOOD_INSTANCES = 50;

	private final Map<String, AtomicInteger> attacks = new ConcurrentHashMap<>();

	private final Good good = new Good();

	private final AtomicLong sent = new AtomicLong();

	@Test
	void clusterIsServedDuringAllAttacks() throws Exception {
		List<Sample> samples = new ArrayList<>();
		ExecutorService threads = Executors.newCachedThreadPool();
		try (SlowBodyService service = SlowBodyService.startOptimized(EndpointServer.TOMCAT,
				"--statefun.security.secret=" + SECRET, "--statefun.max-request-size=64MB",
				"--spring.main.sources=" + Attacked.class.getName(), "--statefun.batch-timeout=2s",
				"--statefun.queue-timeout=2s");
				LocalRuntime cluster = LocalRuntime.builder()
					.function(FunctionSpec.of("attack/sum").state("sum", int.class), HttpFunctionEndpoint
						.of(URI.create("http://127.0.0.1:" + service.port() + "/statefun/" + SECRET), Transport.ASYNC))
					.keptEgressRecords(0)
					.listener(this.good)
					.start()) {
			long end = System.nanoTime() + TIME.toNanos();
			List<Future<?>> running = new ArrayList<>();
			running.add(threads.submit(() -> behave(cluster, end)));
			for (int i = 0; i < 4; i++) {
				Random random = new Random(i);
				running.add(threads.submit(() -> attack(service.port(), random, end)));
			}
			running.add(threads.submit(() -> attackSlowly(service.port(), end)));
			// The first sample, when all classes are loaded and pools are full
			for (int i = 1; i <= SAMPLES; i++) {
				TimeUnit.NANOSECONDS.sleep(TIME.toNanos() / (SAMPLES + 1));
				samples.add(sample(service));
				logger.info(samples.get(i - 1) + ", sent " + this.sent + ", handled " + this.good.handled + ", failed "
						+ this.good.failures + ", attacks " + this.attacks);
				assertThat(running).noneMatch(AttackSoakTests::hasFailed);
			}
			for (Future<?> each : running) {
				each.get(TIME.toMinutes() + 2, TimeUnit.MINUTES);
			}
			await().atMost(Duration.ofMinutes(2)).until(() -> this.good.handled.get() == this.sent.get());
			long sum = 0;
			for (int i = 0; i < GOOD_INSTANCES; i++) {
				sum += cluster.state(Address.of("attack/sum", "good-" + i), "sum", Integer.class).orElse(0);
			}
			logger.info("sent " + this.sent + ", sum " + sum + ", answers but 200: " + this.good.failures);
			assertThat(sum).isEqualTo(this.sent.get());
			assertThat(this.good.failures.keySet()).isSubsetOf("429");
			assertThat(this.good.jobFailures).hasValue(0);
			assertThat(service.isAlive()).isTrue();
			assertLevel(samples);
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static boolean hasFailed(Future<?> future) {
		try {
			if (future.isDone()) {
				future.get();
			}
			return false;
		}
		catch (ExecutionException ex) {
			throw new AssertionError(ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return true;
		}
	}

	// A sample includes requests in flight, so the smallest of several counts
	private static void assertLevel(List<Sample> samples) {
		Sample first = least(samples.subList(2, 5));
		Sample last = least(samples.subList(SAMPLES - 3, SAMPLES));
		assertThat(last.heap).as("heap in KB").isLessThan(first.heap + first.heap / 4 + 4096);
		assertThat(last.threads).as("threads").isLessThanOrEqualTo(first.threads + 10);
		assertThat(last.files).as("files").isLessThan(first.files + 100);
		// One line for each cause and minute, not one for each request
		int perSample = (samples.get(SAMPLES - 1).lines - samples.get(2).lines) / (SAMPLES - 3);
		assertThat(perSample).as("lines of log between samples")
			.isLessThan((int) (600 * Math.max(1, TIME.toMinutes() / SAMPLES)));
	}

	private static Sample least(List<Sample> samples) {
		return new Sample(samples.stream().mapToInt(Sample::heap).min().orElseThrow(),
				samples.stream().mapToInt(Sample::threads).min().orElseThrow(),
				samples.stream().mapToInt(Sample::files).min().orElseThrow(),
				samples.stream().mapToInt(Sample::lines).min().orElseThrow());
	}

	private static Sample sample(SlowBodyService service) throws IOException {
		Path process = Path.of("/proc/" + service.pid());
		String status = Files.readString(process.resolve("status"));
		Matcher threads = Pattern.compile("Threads:\\s+(\\d+)").matcher(status);
		assertThat(threads.find()).isTrue();
		try (Stream<Path> files = Files.list(process.resolve("fd"))) {
			return new Sample(service.usedHeap(), Integer.parseInt(threads.group(1)), (int) files.count(),
					service.log().size());
		}
	}

	private Void behave(LocalRuntime cluster, long end) throws InterruptedException {
		for (int i = 0; System.nanoTime() < end; i++) {
			for (int j = 0; j < 5; j++) {
				cluster.send(Address.of("attack/sum", "good-" + (i * 5 + j) % GOOD_INSTANCES), 1);
				this.sent.incrementAndGet();
			}
			TimeUnit.MILLISECONDS.sleep(10);
		}
		return null;
	}

	private Void attackSlowly(int port, long end) throws Exception {
		SlowSenders.Form[] forms = SlowSenders.Form.values();
		for (int i = 0; System.nanoTime() < end; i++) {
			String path = (i % 2 == 0) ? "/statefun/" + SECRET : "/statefun/wrongwrongwrongwrong";
			try (SlowSenders senders = new SlowSenders(port, path, 100, forms[i % forms.length],
					Duration.ofMillis(500))) {
				TimeUnit.NANOSECONDS
					.sleep(Math.max(0, Math.min(Duration.ofSeconds(30).toNanos(), end - System.nanoTime())));
				senders.answers().forEach((answer, count) -> count("slow " + answer, count));
			}
		}
		return null;
	}

	private Void attack(int port, Random random, long end) throws InterruptedException {
		while (System.nanoTime() < end) {
			try (Socket socket = new Socket("127.0.0.1", port)) {
				socket.setSoTimeout(500);
				if (random.nextBoolean()) {
					// Ends with a reset
					socket.setSoLinger(true, 0);
				}
				socket.getOutputStream().write(attack(random));
				if (random.nextInt(3) > 0) {
					byte[] answer = socket.getInputStream().readNBytes(12);
					count(new String(answer, StandardCharsets.US_ASCII).replace("HTTP/1.1 ", ""), 1);
				}
				else {
					count("gone", 1);
				}
			}
			catch (IOException ex) {
				count("closed", 1);
			}
			TimeUnit.MILLISECONDS.sleep(random.nextInt(40));
		}
		return null;
	}

	private void count(String answer, int count) {
		this.attacks.computeIfAbsent(answer, (key) -> new AtomicInteger()).addAndGet(count);
	}

	private static byte[] attack(Random random) {
		String path = "/statefun/" + SECRET;
		return switch (random.nextInt(16)) {
			case 0 -> post(path, garbage(random));
			case 1 -> post(path, ManyEntries.request("attack", "sum", "1200", 250_000));
			case 2 -> post(path, ManyEntries.request("attack", "sum", "1a021200", 250_000));
			case 3 -> post(path, ManyEntries.request("attack", "sum", "1a00", 500_000));
			case 4 -> post(path, function("f" + random.nextInt(), random));
			case 5 -> post("/statefun/" + Long.toHexString(random.nextLong()), function("sum", random));
			case 6 -> post("/Statefun/" + SECRET, function("sum", random));
			case 7 -> head("TRACE " + path, "");
			case 8 -> head("PUT " + path, "Content-Length: 3\r\n\r\nabc");
			case 9 -> head("POST " + path, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nPOST "
					+ path + " HTTP/1.1\r\n\r\n");
			case 10 -> head("POST " + path, "X: " + "y".repeat(7_000) + "\r\nContent-Length: 0\r\n");
			case 11 -> head("POST " + path,
					"Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n");
			case 12 -> head("POST " + path, "Content-Type: text/\u0085plain\r\nContent-Length: 3\r\n\r\nabc");
			case 13 -> post(path, new byte[random.nextInt(2_000_000)]);
			case 14 -> pipelined(path, random);
			default -> post(path,
					function(List.of("interrupted", "circular", "late", "stage", "error", "sum").get(random.nextInt(6)),
							random));
		};
	}

	private static byte[] function(String name, Random random) {
		ClusterRequest request = ClusterRequest.v3("attack/" + name, "bad-" + random.nextInt(100)).intState("sum", 1);
		for (int i = random.nextInt(3); i >= 0; i--) {
			request.message(i);
		}
		return request.toByteArray();
	}

	private static byte[] garbage(Random random) {
		byte[] bytes = function("sum", random);
		for (int i = random.nextInt(8); i >= 0; i--) {
			bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
		}
		return bytes;
	}

	private static byte[] pipelined(String path, Random random) {
		ByteArrayOutputStream requests = new ByteArrayOutputStream();
		for (int i = 0; i < 50; i++) {
			requests.writeBytes(post(path, function("sum", random)));
		}
		return requests.toByteArray();
	}

	private static byte[] post(String path, byte[] body) {
		ByteArrayOutputStream request = new ByteArrayOutputStream();
		request.writeBytes(head("POST " + path,
				"Content-Type: application/octet-stream\r\nContent-Length: " + body.length + "\r\n\r\n"));
		request.writeBytes(body);
		return request.toByteArray();
	}

	private static byte[] head(String line, String rest) {
		return (line + " HTTP/1.1\r\nHost: localhost\r\n" + rest + (rest.contains("\r\n\r\n") ? "" : "\r\n"))
			.getBytes(StandardCharsets.ISO_8859_1);
	}

	/**
	 * Figures of the service at one moment.
	 *
	 * @param heap used heap after a collection, in KB
	 * @param threads number of its threads
	 * @param files number of its open files and sockets
	 * @param lines number of lines that it has logged
	 */
	private record Sample(int heap, int threads, int files, int lines) {

	}

	/**
	 * Counts the responses to the well-behaved cluster.
	 */
	private static final class Good implements LocalRuntimeListener {

		private final AtomicLong handled = new AtomicLong();

		private final AtomicInteger jobFailures = new AtomicInteger();

		private final Map<String, AtomicInteger> failures = new TreeMap<>();

		@Override
		public void replied(Effects effects) {
			this.handled.addAndGet(effects.invocations().size());
		}

		@Override
		public synchronized void requestFailed(Address self, RequestFailedException failure, Duration retryIn) {
			Matcher status = STATUS.matcher(String.valueOf(failure.getMessage()) + failure.getCause());
			this.failures
				.computeIfAbsent(status.find() ? status.group(1) : failure.toString(), (key) -> new AtomicInteger())
				.incrementAndGet();
		}

		@Override
		public void jobFailed(Address self, LocalRuntimeException failure, Duration restartIn) {
			this.jobFailures.incrementAndGet();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Sum.class, Interrupted.class, Circular.class, Late.class, Stage.class, Broken.class })
	public static class Attacked {

	}

	@StatefulFunction("attack/sum")
	static class Sum {

		@Handler
		void add(int amount, @Persisted("sum") PersistedValue<Integer> sum) {
			sum.set(sum.get().orElse(0) + amount);
		}

	}

	@StatefulFunction(value = "attack/interrupted", onFailure = OnFailure.SKIP)
	static class Interrupted {

		@Handler
		void on(int message) {
			Thread.currentThread().interrupt();
			if (message % 2 == 0) {
				throw new IllegalStateException("interrupted");
			}
		}

	}

	@StatefulFunction("attack/circular")
	static class Circular {

		@Handler
		void on(int message) {
			ExecutionException inner = new ExecutionException(null);
			RuntimeException outer = new RuntimeException(inner);
			inner.initCause(outer);
			throw outer;
		}

	}

	@StatefulFunction("attack/late")
	static class Late {

		@Handler
		void on(int message) throws InterruptedException {
			TimeUnit.SECONDS.sleep(3);
		}

	}

	@StatefulFunction("attack/stage")
	static class Stage {

		@Handler
		CompletionStage<Void> on(int message) {
			return CompletableFuture.runAsync(() -> {
			}, CompletableFuture.delayedExecutor(message * 100L, TimeUnit.MILLISECONDS));
		}

	}

	@StatefulFunction("attack/error")
	static class Broken {

		@Handler
		void on(int message) {
			throw new RuntimeException() {

				@Override
				public String getMessage() {
					throw new StackOverflowError();
				}

			};
		}

	}

}
