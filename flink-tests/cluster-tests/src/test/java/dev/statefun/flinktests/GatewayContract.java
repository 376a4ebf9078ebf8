package dev.statefun.flinktests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.statefun.sdk.Address;
import dev.statefun.spring.client.FunctionClient;
import dev.statefun.spring.client.FunctionRequestException;
import dev.statefun.spring.client.FunctionRequestException.Reason;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What clients rely on wherever the gateway runs: in the local runtime and in clusters of
 * all releases.
 */
final class GatewayContract {

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private final FunctionClient client;

	GatewayContract(FunctionClient client) {
		this.client = client;
	}

	/**
	 * Check each kind of outcome, and the order of what is only sent.
	 */
	void check() throws Exception {
		assertThat(ask("ann", "first")).isEqualTo("1 first");
		assertThat(ask("ann", "second")).isEqualTo("2 second");
		assertThat(ask("ben", "first")).isEqualTo("1 first");
		repeatedKeysHaveOneEffect();
		assertFails(history("ann").request("large 2000000", String.class), Reason.REPLY_TOO_LARGE);
		assertThat(ask("ann", "large 800000")).hasSize(800_000);
		assertFails(this.client.to("gateway.test/unknown", "ann").timeout(TIMEOUT).request("hello", String.class),
				Reason.UNKNOWN_FUNCTION);
		assertFails(this.client.to("gateway.test/skips", "ann").timeout(TIMEOUT).request("hello", String.class),
				Reason.FAILED);
		sendsKeepTheirOrder(200, 1);
	}

	private void repeatedKeysHaveOneEffect() {
		for (int i = 0; i < 3; i++) {
			assertThat(history("carl").idempotencyKey("one").call("keyed", String.class)).isEqualTo("1 keyed");
		}
		assertFails(history("carl").idempotencyKey("one").request("other", String.class), Reason.CONFLICT);
		assertThat(ask("carl", "history?")).isEqualTo("keyed\n");
	}

	/**
	 * Check that each target gets what is only sent in the order of the calls.
	 * @param sends number of messages
	 * @param ids number of targets, each of which gets as many messages
	 */
	void sendsKeepTheirOrder(int sends, int ids) throws Exception {
		List<CompletableFuture<Void>> sent = IntStream.range(0, sends)
			.mapToObj((i) -> history("ordered-" + i % ids).send("message " + i).toCompletableFuture())
			.toList();
		CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
		for (int id = 0; id < ids; id++) {
			int first = id;
			String expected = IntStream.range(0, sends)
				.filter((i) -> i % ids == first)
				.mapToObj((i) -> "message " + i + "\n")
				.collect(Collectors.joining());
			assertThat(historyOf("ordered-" + id, expected.length())).isEqualTo(expected);
		}
	}

	/**
	 * Return the history of an instance as soon as it is long enough.
	 * @param id id of the instance
	 * @param length length to wait for
	 * @return the history, which is shorter if it has not grown for a minute
	 */
	String historyOf(String id, int length) {
		long end = System.nanoTime() + TIMEOUT.toNanos();
		String history = ask(id, "history?");
		while (history.length() < length && System.nanoTime() < end) {
			history = ask(id, "history?");
		}
		return history;
	}

	/**
	 * Make requests with idempotency keys on several threads, each as often as it needs
	 * to have a reply.
	 * @param requests number of requests
	 * @param threads number of threads
	 * @param half called when half of the replies have come
	 * @return what was asked and answered
	 */
	Answers ask(int requests, int threads, Callable<?> half) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		Map<String, String> replies = new ConcurrentSkipListMap<>();
		AtomicInteger next = new AtomicInteger();
		AtomicInteger repeated = new AtomicInteger();
		try {
			List<Future<?>> running = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				running.add(executor.submit(() -> {
					for (int number = next.getAndIncrement(); number < requests; number = next.getAndIncrement()) {
						String token = "token " + number;
						replies.put(token, untilReply(idOf(number), token, repeated));
					}
					return null;
				}));
			}
			while (replies.size() < requests / 2 && running.stream().noneMatch(Future::isDone)) {
				Thread.onSpinWait();
				TimeUnit.MILLISECONDS.sleep(20);
			}
			half.call();
			for (Future<?> each : running) {
				each.get(5, TimeUnit.MINUTES);
			}
		}
		finally {
			executor.shutdownNow();
		}
		return new Answers(replies, repeated.get());
	}

	static String idOf(int number) {
		return "id-" + number % 50;
	}

	private String untilReply(String id, String token, AtomicInteger repeated) {
		while (true) {
			try {
				return this.client.to("gateway.test/history", id)
					.idempotencyKey(token)
					.timeout(Duration.ofSeconds(20))
					// A restart may undo the first attempt, and last longer
					.executeLate()
					.call(token, String.class);
			}
			catch (FunctionRequestException ex) {
				if (ex.reason() != Reason.TIMED_OUT && ex.reason() != Reason.UNAVAILABLE
						&& ex.reason() != Reason.BUSY) {
					throw ex;
				}
				repeated.incrementAndGet();
			}
		}
	}

	/**
	 * Return the final histories.
	 * @param requests number of requests that were made
	 * @return the messages of each instance, in the order in which they were handled
	 */
	Map<String, List<String>> histories(int requests) {
		Map<String, List<String>> histories = new TreeMap<>();
		IntStream.range(0, requests)
			.mapToObj(GatewayContract::idOf)
			.distinct()
			.forEach((id) -> histories.put(id, ask(id, "history?").lines().toList()));
		return histories;
	}

	private FunctionClient.RequestSpec<Object> history(String id) {
		return this.client.to(Address.of("gateway.test/history", id)).timeout(TIMEOUT);
	}

	private String ask(String id, String message) {
		return history(id).call(message, String.class);
	}

	private static void assertFails(CompletionStage<String> reply, Reason reason) {
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> reply.toCompletableFuture().get(60, TimeUnit.SECONDS))
			.havingCause()
			.isInstanceOfSatisfying(FunctionRequestException.class,
					(failure) -> assertThat(failure.reason()).isEqualTo(reason));
	}

	/**
	 * Replies to requests.
	 *
	 * @param replies replies by message
	 * @param repeated number of requests that were made again after a timeout
	 */
	record Answers(Map<String, String> replies, int repeated) {

		/**
		 * Check that each request has had one effect, and has got its own reply.
		 * @param histories the messages of each instance
		 */
		void assertOneEffectEach(Map<String, List<String>> histories) {
			List<String> handled = histories.values().stream().flatMap(List::stream).toList();
			assertThat(handled).containsExactlyInAnyOrderElementsOf(this.replies.keySet());
			assertThat(this.replies).allSatisfy((token, reply) -> assertThat(reply).matches("\\d+ " + token));
		}

		/**
		 * Check that each reply says what the history says.
		 * @param histories the messages of each instance
		 */
		void assertAsIn(Map<String, List<String>> histories) {
			assertOneEffectEach(histories);
			histories.values()
				.forEach((handled) -> IntStream.range(0, handled.size())
					.forEach((i) -> assertThat(this.replies.get(handled.get(i)))
						.isEqualTo(i + 1 + " " + handled.get(i))));
		}

	}

}
