package dev.statefun.flinktests;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.statefun.flinktests.probe.ProbeApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests states and timers behind released runtimes with a probe service in this JVM.
 * Every step waits for the previous one, so that each is a batch of its own and states
 * pass through the runtime in between.
 */
class ProbeOnFlinkIT {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private static final String ABSENT = "number=absent text=absent note=absent raw=absent";

	private static final String ZERO = "number=<0> text=<> note=<Note[title=, stars=0]> raw=<probe/empty:>";

	private static final String VALUE = "number=<-7> text=<seven €> note=<Note[title=seven, stars=7]> raw=<probe/seven:7>";

	private static final String VALUE_BUT_NUMBER = VALUE.replace("<-7>", "absent");

	private static ConfigurableApplicationContext probe;

	private static FlinkStatefunRuntime runtime;

	@BeforeAll
	static void startProbe() {
		probe = SpringApplication.run(ProbeApplication.class, "--server.port=0", "--server.address=127.0.0.1");
	}

	@AfterAll
	static void endProbe() {
		if (probe != null) {
			probe.close();
		}
	}

	private static URI endpoint() {
		int port = ((WebServerApplicationContext) probe).getWebServer().getPort();
		return URI.create("http://127.0.0.1:" + port + "/statefun");
	}

	private static void start(Release release, String moduleYaml) {
		runtime = FlinkStatefunRuntime.of(release, moduleYaml)
			.egress("probe/out")
			.start(Path.of("target/flink", "probe-" + release));
	}

	@AfterEach
	void theJobDidNotRestart() {
		runtime.assertRunning();
	}

	// The answer to a command that sends exactly one record
	private static String ask(String function, String id, String command) {
		int before = reported(id).size();
		send(function, id, command);
		await().atMost(LIMIT).failFast(runtime::assertRunning).until(() -> reported(id).size() > before);
		return reported(id).get(before);
	}

	private static void send(String function, String id, String command) {
		ByteString wrapper = UnknownFieldSet.newBuilder()
			.mergeLengthDelimitedField(1, ByteString.copyFromUtf8(command))
			.build()
			.toByteString();
		runtime.send(function, id, "io.statefun.types/string", wrapper);
	}

	private static List<String> reported(String id) {
		return runtime.egress("probe/out")
			.stream()
			.map((record) -> KafkaRecord.parse(record.value()))
			.filter((record) -> record.key().equals(id))
			.map(KafkaRecord::value)
			.toList();
	}

	private static void assertStatesGoThroughTheRuntime() {
		String function = "probe/states";
		assertThat(ask(function, "a", "zero")).isEqualTo(ABSENT);
		assertThat(ask(function, "a", "value")).isEqualTo(ZERO);
		assertThat(ask(function, "b", "read")).as("another id").isEqualTo(ABSENT);
		assertThat(ask(function, "a", "remove-number")).isEqualTo(VALUE);
		assertThat(ask(function, "a", "zero")).isEqualTo(VALUE_BUT_NUMBER);
		assertThat(ask(function, "a", "remove")).isEqualTo(ZERO);
		assertThat(ask(function, "a", "read")).isEqualTo(ABSENT);
	}

	/**
	 * Tests on the runtime of generation 2.x.
	 */
	@Nested
	class V2 {

		@BeforeAll
		static void startRuntime() {
			start(Release.V2_2_2,
					ModuleYaml.v2(endpoint(), Map.of("probe/states", List.of("number", "text", "note", "raw"))));
		}

		@AfterAll
		static void endRuntime() {
			runtime.close();
		}

		@Test
		void statesPassThroughTheRuntime() {
			assertStatesGoThroughTheRuntime();
		}

	}

	/**
	 * Tests on the runtime of generation 3.x.
	 */
	@Nested
	class V3 {

		@BeforeAll
		static void startRuntime() {
			start(Release.V3_3_0, ModuleYaml.v3(endpoint(), "async", "probe/*"));
		}

		@AfterAll
		static void endRuntime() {
			runtime.close();
		}

		@Test
		void statesPassThroughTheRuntime() {
			assertStatesGoThroughTheRuntime();
		}

		// A second is short on a busy machine: what each look must have seen depends
		// on its time, and everything is repeated if no look came in time
		@Test
		void statesExpireAfterTheLastWriteAndAfterTheLastCall() {
			for (int attempt = 0; attempt < 5; attempt++) {
				List<Look> looks = lookForAWhile("expiring-" + attempt);
				assertThat(looks.get(0).written()).isTrue();
				assertThat(looks.get(0).called()).isTrue();
				for (int i = 1; i < looks.size(); i++) {
					assertThat(looks.get(i).written()).as("written: %s", looks)
						.isIn(allowed(looks.get(i).millis() - looks.get(0).millis()));
				}
				boolean calledInTime = true;
				for (int i = 1; i < looks.size() - 1; i++) {
					calledInTime &= looks.get(i).millis() - looks.get(i - 1).millis() < 700;
				}
				if (calledInTime) {
					Look lastButOne = looks.get(looks.size() - 2);
					assertThat(lastButOne.written()).isFalse();
					assertThat(lastButOne.called()).as("kept by calls: %s", looks).isTrue();
					assertThat(looks.get(looks.size() - 1).called()).as("expired: %s", looks).isFalse();
					return;
				}
			}
			throw new AssertionError("the machine was too busy for a look every 0.7 s");
		}

		// Looks for two seconds without a pause, and once more after a long one
		private List<Look> lookForAWhile(String id) {
			List<Look> looks = new ArrayList<>();
			looks.add(Look.parse(ask("probe/expiring", id, "write")));
			await().pollInterval(Duration.ofMillis(150)).atMost(LIMIT).until(() -> {
				looks.add(Look.parse(ask("probe/expiring", id, "read")));
				return looks.get(looks.size() - 1).millis() - looks.get(0).millis() > 2000;
			});
			await().pollDelay(Duration.ofMillis(1500)).atMost(LIMIT).until(() -> true);
			looks.add(Look.parse(ask("probe/expiring", id, "read")));
			return looks;
		}

		private static List<Boolean> allowed(long age) {
			if (age < 700) {
				return List.of(true);
			}
			return (age > 1300) ? List.of(false) : List.of(true, false);
		}

		@Test
		void cancelledMessageDoesNotArriveAndItsTokenCanBeUsedAgain() {
			String function = "probe/timers";
			send(function, "t", "later:first");
			send(function, "t", "cancel");
			assertThat(ask(function, "t", "soon:second")).isEqualTo("second");
			assertThat(ask(function, "t", "soon:third")).as("used again after delivery").isEqualTo("third");
			assertThat(ask(function, "t", "later:fourth,cancel,soon:fifth")).as("all in one reply").isEqualTo("fifth");
			assertThat(ask(function, "t", "soon:never,cancel,done")).isEqualTo("done");
			runtime.awaitCheckpoints(1, LIMIT);
			assertThat(ask(function, "t", "end")).isEqualTo("end");
			assertThat(reported("t")).containsExactly("second", "third", "fifth", "done", "end");
		}

	}

	/**
	 * State of the expiring states as seen by the function.
	 *
	 * @param millis time of the look
	 * @param written whether the state that expires after a write was there
	 * @param called whether the state that expires after a call was there
	 */
	private record Look(long millis, boolean written, boolean called) {

		static Look parse(String reported) {
			String[] parts = reported.split(" ");
			return new Look(Long.parseLong(parts[0]), Boolean.parseBoolean(parts[1]), Boolean.parseBoolean(parts[2]));
		}

	}

}
