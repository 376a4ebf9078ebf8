package dev.statefun.flinktests;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.google.protobuf.ByteString;
import dev.statefun.flinktests.timer.RacingFunction.Round;
import dev.statefun.flinktests.timer.Reminders;
import dev.statefun.flinktests.timer.TimerApplication;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that timers that were replaced or cancelled never reach a handler on released
 * runtimes, and that others reach it once, also after a restart.
 */
class TimersOnFlinkIT {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private static final List<String> KINDS = List.of(Reminders.ANNOTATED, Reminders.STATELESS, Reminders.UNTYPED);

	private static final Pattern RESULT = Pattern.compile("fired (\\d+), not allowed (\\d+)");

	private static final int RESTARTS = 1000;

	private static final int RACERS = 100;

	private static ConfigurableApplicationContext service;

	@BeforeAll
	static void startService() {
		service = SpringApplication.run(TimerApplication.class, "--server.port=0", "--server.address=127.0.0.1");
	}

	@AfterAll
	static void endService() {
		if (service != null) {
			service.close();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V3_3_0", "V2_2_2" })
	void timersFireOnceAndOnlyIfTheyAreStillPending(Release release) {
		run(release, 20);
	}

	@Tag("soak")
	@ParameterizedTest
	@EnumSource(names = { "V3_3_0", "V2_2_2" })
	void timersThatAreNotPendingDoNotWinOneOfTenThousandRaces(Release release) {
		run(release, 100);
	}

	private static void run(Release release, int rounds) {
		Path directory = Path.of("target/flink", "timers-" + release);
		Checkpoints checkpoints = Checkpoints.in(directory.resolve("checkpoints"));
		try (FlinkStatefunRuntime killed = describe(release).keepCheckpoints(checkpoints.directory())
			.start(directory.resolve("killed"))) {
			Job job = new Job(killed);
			restartTimers(job);
			race(job, rounds);
			restartedTimersHaveFiredOnce(job);
			startTimersThatFireAfterTheRestart(job);
			killed.awaitCheckpoints(2, LIMIT);
			KINDS.forEach((kind) -> assertThat(job.records(kind, "restarted")).containsOnlyOnce("fired"));
			killed.kill();
			try (FlinkStatefunRuntime restored = checkpoints.restore(killed,
					describe(release).keepCheckpoints(checkpoints.directory()), directory.resolve("restored"))) {
				timersFireAfterTheRestart(new Job(restored));
			}
		}
	}

	private static FlinkStatefunRuntime.Builder describe(Release release) {
		int port = ((WebServerApplicationContext) service).getWebServer().getPort();
		URI endpoint = URI.create("http://127.0.0.1:" + port + "/statefun");
		List<String> timers = List.of("statefun_timers");
		Map<String, List<String>> states = new TreeMap<>();
		KINDS.forEach((kind) -> states.put("timer/" + kind, timers));
		states.put("timer/" + Reminders.ANNOTATED, List.of("count", "statefun_timers"));
		states.put("timer/racing", List.of("pending", "fired", "forbidden", "statefun_timers"));
		String module = (release == Release.V2_2_2) ? ModuleYaml.v2(endpoint, states)
				: ModuleYaml.v3(endpoint, "async", "timer/*");
		return FlinkStatefunRuntime.of(release, module).egress(Reminders.EGRESS);
	}

	private static void restartTimers(Job job) {
		for (int i = 0; i < RESTARTS; i++) {
			KINDS.forEach((kind) -> job.send(kind, "restarted", "5000"));
		}
	}

	private static void restartedTimersHaveFiredOnce(Job job) {
		for (String kind : KINDS) {
			job.await(kind, "restarted", "5000", RESTARTS);
			job.await(kind, "restarted", "fired", 1);
		}
	}

	private static void race(Job job, int rounds) {
		AtomicLong dropped = service.getBean(TimerApplication.DROPPED, AtomicLong.class);
		long before = dropped.get();
		for (int i = 0; i < RACERS; i++) {
			job.sendJson("racing", "racer-" + i, "timer/Round", new Round(rounds));
		}
		int fired = 0;
		for (int i = 0; i < RACERS; i++) {
			Matcher result = RESULT.matcher(job.awaitOne("racing", "racer-" + i));
			assertThat(result.matches()).isTrue();
			fired += Integer.parseInt(result.group(1));
			assertThat(Integer.parseInt(result.group(2))).as("timers of racer %d that were not pending", i).isZero();
		}
		int races = RACERS * rounds;
		System.out.printf("%d races: %d timers fired, %d were dropped%n", races, fired, dropped.get() - before);
		assertThat(fired).isGreaterThan(races / 20);
		assertThat(dropped.get() - before).isGreaterThan(races / 50);
	}

	private static void startTimersThatFireAfterTheRestart(Job job) {
		for (String kind : KINDS) {
			job.send(kind, "kept", "15000");
			job.send(kind, "cancelled", "10000");
			job.send(kind, "cancelled", "");
			job.await(kind, "kept", "15000", 1);
			job.await(kind, "cancelled", "", 1);
		}
	}

	private static void timersFireAfterTheRestart(Job job) {
		for (String kind : KINDS) {
			job.await(kind, "kept", "fired", 1);
			assertThat(job.records(kind, "kept")).containsExactly("fired");
			assertThat(job.records(kind, "cancelled")).isEmpty();
			assertThat(job.records(kind, "restarted")).isEmpty();
		}
	}

	/**
	 * A job, with its messages and records.
	 *
	 * @param runtime the runtime that runs it
	 */
	private record Job(FlinkStatefunRuntime runtime) {

		void send(String function, String id, String text) {
			this.runtime.send("timer/" + function, id, Reminders.TEXT, ByteString.copyFromUtf8(text));
		}

		void sendJson(String function, String id, String typename, Object message) {
			this.runtime.send("timer/" + function, id, typename,
					ByteString.copyFrom(JsonMapper.shared().writeValueAsBytes(message)));
		}

		List<String> records(String function, String id) {
			this.runtime.assertRunning();
			String key = "timer/" + function + "/" + id;
			List<String> records = new ArrayList<>();
			for (EgressRecord sent : this.runtime.egress(Reminders.EGRESS)) {
				KafkaRecord record = KafkaRecord.parse(sent.value());
				if (record.key().equals(key)) {
					records.add(record.value());
				}
			}
			return records;
		}

		void await(String function, String id, String text, int count) {
			Awaitility.await(function + "/" + id + ": " + text)
				.atMost(LIMIT)
				.untilAsserted(() -> assertThat(records(function, id)).filteredOn(text::equals).hasSize(count));
		}

		String awaitOne(String function, String id) {
			Awaitility.await(function + "/" + id)
				.atMost(LIMIT)
				.untilAsserted(() -> assertThat(records(function, id)).hasSize(1));
			return records(function, id).get(0);
		}

	}

}
