package dev.statefun.flinktests.gateway;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.statefun.spring.client.FunctionClient;
import dev.statefun.spring.client.FunctionRequestException;
import dev.statefun.spring.client.FunctionRequestException.Reason;

import org.springframework.boot.SpringApplication;

/**
 * An instance of the service in a JVM of its own, which makes requests and writes down
 * the replies. It may be killed at any time: when it is started again, it makes those
 * requests again whose replies it has not written down.
 */
public final class GatewayInstance {

	private static final Pattern LINE = Pattern.compile("(token \\d+)\t(.*)");

	private final Path replies;

	private final FunctionClient client;

	private GatewayInstance(Path replies, FunctionClient client) {
		this.replies = replies;
		this.client = client;
	}

	/**
	 * Start the instance.
	 * @param arguments file for the replies, number of its first request, number behind
	 * its last request, distance of two of its requests, number of threads; then
	 * arguments of the service
	 * @throws Exception if a request fails for another reason than a timeout
	 */
	public static void main(String[] arguments) throws Exception {
		Thread bound = new Thread(GatewayInstance::endWithTheTest);
		bound.setDaemon(true);
		bound.start();
		String[] own = Arrays.copyOfRange(arguments, 5, arguments.length);
		FunctionClient client = SpringApplication.run(GatewayApplication.class, own).getBean(FunctionClient.class);
		new GatewayInstance(Path.of(arguments[0]), client).run(Integer.parseInt(arguments[1]),
				Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
	}

	// Its end closes the pipe to this process
	private static void endWithTheTest() {
		try {
			System.in.transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			// It has ended
		}
		Runtime.getRuntime().halt(1);
	}

	private void run(int first, int end, int step, int threads) throws IOException {
		Map<String, String> known = read(this.replies);
		AtomicInteger next = new AtomicInteger(first);
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		for (int i = 0; i < threads; i++) {
			executor.submit(() -> {
				for (int number = next.getAndAdd(step); number < end; number = next.getAndAdd(step)) {
					String token = "token " + number;
					if (!known.containsKey(token)) {
						write(token, untilReply("id-" + number % 50, token));
					}
				}
			});
		}
	}

	private String untilReply(String id, String token) {
		while (true) {
			try {
				return this.client.to("gateway.test/history", id)
					.idempotencyKey(token)
					.timeout(Duration.ofSeconds(20))
					.call(token, String.class);
			}
			catch (FunctionRequestException ex) {
				if (ex.reason() != Reason.TIMED_OUT && ex.reason() != Reason.UNAVAILABLE
						&& ex.reason() != Reason.BUSY) {
					return "failed: " + ex.reason();
				}
				pause();
			}
		}
	}

	private static void pause() {
		try {
			TimeUnit.MILLISECONDS.sleep(100);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private synchronized void write(String token, String reply) {
		try {
			Files.writeString(this.replies, token + "\t" + reply + "\n", StandardOpenOption.CREATE,
					StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Read the replies that were written down.
	 * @param replies the file
	 * @return replies by message
	 * @throws IOException if the file can't be read
	 */
	public static Map<String, String> read(Path replies) throws IOException {
		Map<String, String> known = new TreeMap<>();
		if (Files.exists(replies)) {
			for (String line : Files.readAllLines(replies)) {
				Matcher matcher = LINE.matcher(line);
				if (matcher.matches()) {
					known.put(matcher.group(1), matcher.group(2));
				}
			}
		}
		return known;
	}

}
