package dev.statefun.flinktests;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import dev.statefun.flinktests.poison.Outside;
import dev.statefun.flinktests.poison.PoisonApplication;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests the handling of a batch with a message that can't be handled, behind released
 * runtimes.
 * <p>
 * All messages of a test are certain to form one batch, as they pass one subtask in the
 * order sent: the handler of the first waits until a message to another instance has
 * overtaken the rest.
 */
@ParameterizedClass
@EnumSource
class PoisonOnFlinkIT {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private static final Duration BUDGET = Duration.ofSeconds(3);

	private static final String OUT = "poison/out";

	private static final String LETTERS = "poison/letters";

	private static final String PLAIN_LETTERS = "poison/plain-letters";

	private static final String ORDER = "poison/Order";

	private static final String RETRY = "poison/retry";

	private static final String SKIP = "poison/skip";

	private static final List<String> WITH_LETTERS = List.of("poison/kafka-json", "poison/kafka-protobuf",
			"poison/plain-json", "poison/plain-protobuf");

	private static ConfigurableApplicationContext service;

	private static FlinkStatefunRuntime runtime;

	@Parameter
	private Release release;

	/**
	 * A message that can't be handled.
	 */
	enum Poison {

		HANDLER(ORDER, order("poison", 1), "java.lang.IllegalStateException"),

		UNKNOWN_TYPE("poison/Unknown", ByteString.copyFromUtf8("who?"),
				"dev.statefun.sdk.failure.UnhandledMessageException"),

		UNDECODABLE(ORDER, ByteString.copyFrom(new byte[] { 0, '"', '\\', (byte) 0xff, '\n' }),
				"dev.statefun.sdk.failure.MessageDecodingException"),

		INVALID(ORDER, order("nothing", 0), "dev.statefun.sdk.failure.InvalidMessageException");

		private final String type;

		private final ByteString value;

		private final String exception;

		Poison(String type, ByteString value, String exception) {
			this.type = type;
			this.value = value;
			this.exception = exception;
		}

	}

	@BeforeParameterizedClassInvocation
	static void start(Release release) {
		service = SpringApplication.run(PoisonApplication.class, "--spring.config.name=poison");
		runtime = start(release, module(release), Path.of("target/flink", "poison-" + release));
	}

	@AfterParameterizedClassInvocation
	static void end() {
		if (runtime != null) {
			runtime.close();
		}
		if (service != null) {
			service.close();
		}
	}

	private static FlinkStatefunRuntime start(Release release, String module, Path directory) {
		return FlinkStatefunRuntime.of(release, module)
			.egress(OUT)
			.egress(LETTERS)
			.egress(PLAIN_LETTERS)
			.parallelism(1)
			.start(directory);
	}

	private static String module(Release release) {
		return switch (release) {
			case V3_3_0 -> ModuleYaml.v3(endpoint(), "async", "poison/*");
			case V2_2_2 -> ModuleYaml.v2(endpoint(), states());
		};
	}

	private static String impatientModule(Release release) {
		return switch (release) {
			case V3_3_0 -> ModuleYaml.v3(endpoint(), BUDGET, "poison/*");
			case V2_2_2 -> ModuleYaml.v2(endpoint(), BUDGET, states());
		};
	}

	private static Map<String, List<String>> states() {
		Map<String, List<String>> states = new TreeMap<>(Map.of("poison/echo", List.of()));
		Stream.concat(Stream.of(RETRY, SKIP), WITH_LETTERS.stream())
			.forEach((function) -> states.put(function, List.of("count")));
		return states;
	}

	private static URI endpoint() {
		int port = ((WebServerApplicationContext) service).getWebServer().getPort();
		return URI.create("http://127.0.0.1:" + port + "/statefun");
	}

	private static Outside outside() {
		return service.getBean(Outside.class);
	}

	@BeforeEach
	void closeGate() {
		outside().closeGate();
	}

	@Test
	void skippedAndDeadMessagesHaveNoEffectButTheirLetter() {
		Instant begin = Instant.now();
		List<String> functions = Stream.concat(Stream.of(SKIP), WITH_LETTERS.stream()).toList();
		List<Instance> instances = new ArrayList<>();
		warmUp(runtime, functions);
		for (String function : functions) {
			for (Poison poison : Poison.values()) {
				Instance instance = new Instance(runtime, function, poison.name());
				sendBatch(instance, poison);
				instances.add(instance);
			}
		}
		overtake(new Instance(runtime, SKIP, "overtaking"));
		outside().openGate();
		instances.forEach((instance) -> instance.order("last"));
		WITH_LETTERS.forEach((function) -> new Instance(runtime, function, "sender").order("forward"));
		assertForGood(() -> {
			instances.forEach((instance) -> instance.assertReported("gate", "first", "second", "last"));
			assertLetters(begin);
		});
		assertThat(outside().handled("poison/skip/HANDLER")).containsExactly("gate", "first", "poison", "second",
				"last");
	}

	private void assertLetters(Instant begin) {
		List<DeadLetterRecord> letters = letters();
		assertThat(letters).hasSize(WITH_LETTERS.size() * (Poison.values().length + 1));
		for (String function : WITH_LETTERS) {
			for (Poison poison : Poison.values()) {
				assertLetter(letters, function + "/" + poison.name(), "", poison);
			}
			assertLetter(letters, function + "/forwarded", function + "/sender", Poison.HANDLER);
		}
		assertThat(letters).allSatisfy((letter) -> {
			assertThat(letter.time()).isBetween(begin, Instant.now());
			assertThat(letter.text()).isNotEmpty();
		});
	}

	private static void assertLetter(List<DeadLetterRecord> letters, String target, String caller, Poison poison) {
		assertThat(letters).filteredOn((letter) -> letter.target().equals(target))
			.singleElement()
			.usingRecursiveComparison()
			.ignoringFields("text", "time")
			.isEqualTo(new DeadLetterRecord(target, caller, poison.type, poison.value, poison.name(), poison.exception,
					"", Instant.EPOCH));
	}

	// In the form that the name of its function states
	private List<DeadLetterRecord> letters() {
		Stream<DeadLetterRecord> fromKafka = runtime.egress(LETTERS).stream().map((sent) -> {
			assertThat(sent.typename()).isEqualTo(this.release.kafkaRecordTypename());
			KafkaRecord record = KafkaRecord.parse(sent.value());
			boolean json = record.value().startsWith("{");
			DeadLetterRecord letter = letter(record.bytes(), json);
			assertThat(letter.target())
				.isEqualTo((json ? "poison/kafka-json/" : "poison/kafka-protobuf/") + record.key());
			assertThat(record.topic()).isEqualTo("dead");
			return letter;
		});
		Stream<DeadLetterRecord> plain = runtime.egress(PLAIN_LETTERS).stream().map((sent) -> {
			boolean json = sent.typename().equals("dev.statefun/DeadLetter");
			assertThat(json || sent.typename().equals("type.googleapis.com/dev.statefun.DeadLetter")).isTrue();
			DeadLetterRecord letter = letter(sent.value(), json);
			assertThat(letter.target()).startsWith(json ? "poison/plain-json/" : "poison/plain-protobuf/");
			return letter;
		});
		return Stream.concat(fromKafka, plain).toList();
	}

	private static DeadLetterRecord letter(ByteString bytes, boolean json) {
		return json ? DeadLetterRecord.parseJson(bytes) : DeadLetterRecord.parseProtobuf(bytes);
	}

	@Test
	void batchWhoseMessageSucceedsLaterIsAppliedOnceAndInOrder() {
		Instance instance = new Instance(runtime, RETRY, "healing");
		warmUp(runtime, List.of(RETRY));
		long failures = runtime.failedRequests();
		instance.order("gate");
		instance.order("first");
		instance.order("heals");
		instance.order("second");
		overtake(new Instance(runtime, RETRY, "overtaking"));
		outside().openGate();
		instance.order("last");
		assertForGood(() -> {
			instance.assertReported("gate", "first", "heals", "second", "last");
			assertFailedRequests(runtime.failedRequests() - failures, 3);
		});
		assertThat(outside().handled(instance.self())).containsExactly("gate", "first", "heals", "first", "heals",
				"first", "heals", "first", "heals", "second", "last");
	}

	// OkHttp does not count an answer of 500
	private void assertFailedRequests(long count, long least) {
		if (this.release == Release.V3_3_0) {
			assertThat(count).isGreaterThanOrEqualTo(least);
		}
	}

	@Test
	void batchThatNeverSucceedsIsRetriedUntilItsBudgetIsSpentAndTheJobFails() {
		long begin = System.nanoTime();
		Path directory = Path.of("target/flink", "poison-impatient-" + this.release);
		try (FlinkStatefunRuntime impatient = start(this.release, impatientModule(this.release), directory)) {
			Map<Poison, Instance> instances = new EnumMap<>(Poison.class);
			for (Poison poison : Poison.values()) {
				instances.put(poison, new Instance(impatient, RETRY, "never-" + poison));
			}
			warmUp(impatient, List.of(RETRY));
			instances.forEach((poison, instance) -> sendBatch(instance, poison));
			overtake(new Instance(impatient, RETRY, "before"));
			outside().openGate();
			instances.forEach((poison, instance) -> await().atMost(LIMIT)
				.failFast(impatient::assertRunning)
				.untilAsserted(() -> assertBatchWasSentAgain(instance, poison)));
			overtake(new Instance(impatient, RETRY, "meanwhile"));
			await().atMost(LIMIT)
				.untilAsserted(
						() -> assertThatExceptionOfType(AssertionError.class).isThrownBy(impatient::assertRunning)
							.withMessageContaining("Address(poison, retry, never-")
							.withMessageContaining(spentBudget(this.release)));
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(BUDGET);
			assertFailedRequests(impatient.failedRequests(), 3 * Poison.values().length);
			instances.forEach((poison, instance) -> {
				instance.assertReported("gate");
				assertBatchWasSentAgain(instance, poison);
			});
		}
	}

	private static String spentBudget(Release release) {
		return switch (release) {
			case V3_3_0 -> "RequestTimeoutException";
			case V2_2_2 -> "Maximal request time has elapsed. Last known error is: invalid HTTP response code 500";
		};
	}

	// Three times at least, always from the start of the batch to the poison
	private static void assertBatchWasSentAgain(Instance instance, Poison poison) {
		List<String> handled = outside().handled(instance.self());
		assertThat(Collections.frequency(handled, "first")).isGreaterThanOrEqualTo(3);
		List<String> round = (poison == Poison.HANDLER) ? List.of("first", "poison") : List.of("first");
		List<String> expected = new ArrayList<>(List.of("gate"));
		while (expected.size() < handled.size()) {
			expected.add(round.get((expected.size() - 1) % round.size()));
		}
		assertThat(handled).isEqualTo(expected);
	}

	private static void sendBatch(Instance instance, Poison poison) {
		instance.order("gate");
		instance.order("first");
		instance.send(poison.type, poison.value);
		instance.order("second");
	}

	// 3.x makes its task wait for the first request of a function
	private static void warmUp(FlinkStatefunRuntime runtime, List<String> functions) {
		functions.forEach((function) -> overtake(new Instance(runtime, function, "warm-up")));
	}

	private static void overtake(Instance instance) {
		instance.order("overtakes");
		await().atMost(LIMIT)
			.pollInterval(Duration.ofMillis(20))
			.failFast(instance.runtime()::assertRunning)
			.untilAsserted(() -> instance.assertReported("overtakes"));
	}

	// Soon, and still after everything else in flight will have arrived
	private static void assertForGood(ThrowingRunnable assertion) {
		await().atMost(LIMIT).failFast(runtime::assertRunning).untilAsserted(assertion);
		runtime.awaitCheckpoints(1, LIMIT);
		runtime.assertRunning();
		try {
			assertion.run();
		}
		catch (Throwable ex) {
			throw new AssertionError("At first, but not for good", ex);
		}
	}

	private static ByteString order(String item, int quantity) {
		return ByteString.copyFromUtf8("{\"item\":\"%s\",\"quantity\":%d}".formatted(item, quantity));
	}

	/**
	 * An instance of a function behind a runtime.
	 *
	 * @param runtime the runtime
	 * @param function the {@code <namespace>/<name>}
	 * @param id the id
	 */
	private record Instance(FlinkStatefunRuntime runtime, String function, String id) {

		String self() {
			return this.function + "/" + this.id;
		}

		void order(String item) {
			send(ORDER, PoisonOnFlinkIT.order(item, 1));
		}

		void send(String type, ByteString value) {
			this.runtime.send(this.function, this.id, type, value);
		}

		// Each message once, in order, with the count of those before it; and the two
		// messages that were sent with each
		void assertReported(String... items) {
			List<String> counted = new ArrayList<>();
			List<String> echoed = new ArrayList<>();
			for (String item : items) {
				counted.add(counted.size() + 1 + " " + item);
				echoed.addAll(Collections.nCopies(2, item));
			}
			assertThat(reported(self())).as(self()).isEqualTo(counted);
			assertThat(reported("echo of " + self())).containsExactlyInAnyOrderElementsOf(echoed);
		}

		private List<String> reported(String key) {
			return this.runtime.egress(OUT)
				.stream()
				.map((record) -> KafkaRecord.parse(record.value()))
				.filter((record) -> record.key().equals(key))
				.map(KafkaRecord::value)
				.toList();
		}

	}

}
