package dev.statefun.flinktests;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.statefun.flinktests.program.Race;
import dev.statefun.local.LocalRuntime;
import dev.statefun.sdk.handler.Protocol;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that random programs have the same results on the released runtimes as on the
 * local one: final states and egress records. {@link ProgramsOnLocalRuntimeTests} runs
 * more of them on the local runtime alone, with injected faults.
 */
class ProgramsOnFlinkIT {

	private static final Duration LIMIT = Duration.ofSeconds(90);

	private static final Duration SOAK_LIMIT = Duration.ofMinutes(20);

	private static final int PROGRAMS = 100;

	private static final int SOAK_PROGRAMS = 4000;

	private static ProgramService service;

	private static FlinkStatefunRuntime runtime;

	@BeforeAll
	static void startService() {
		service = ProgramService.start();
	}

	@AfterAll
	static void endService() {
		if (service != null) {
			service.close();
		}
	}

	private static void start(Release release, String moduleYaml) {
		Path home = Path.of("target/flink", "programs-" + release);
		// Flink's default backend, in memory, is limited to 5 MB of states and
		// backlogs
		runtime = FlinkStatefunRuntime.of(release, moduleYaml)
			.egress(ProgramRuntime.EGRESS)
			.configuration("state.backend", "filesystem")
			.configuration("state.checkpoints.dir", home.resolve("checkpoints").toAbsolutePath().toUri().toString())
			.start(home);
	}

	@AfterEach
	void theJobDidNotRestart() {
		runtime.assertRunning();
	}

	private static ProgramRuntime released() {
		return new ProgramRuntime.Released(runtime, service);
	}

	private static LocalRuntime local(Protocol cluster) {
		return service.localRuntime().protocol(cluster).start();
	}

	private static void assertSameResults(Protocol cluster, long firstSeed, int count, Duration limit) {
		Programs programs = Programs.of(cluster, firstSeed, count);
		List<String> onFlink = timed("Flink for " + cluster, programs, released(), limit);
		try (LocalRuntime local = local(cluster)) {
			List<String> onLocal = timed("the local runtime for " + cluster, programs, new ProgramRuntime.Local(local),
					limit);
			programs.assertSame(onLocal, onFlink);
		}
	}

	private static List<String> timed(String where, Programs programs, ProgramRuntime runtime, Duration limit) {
		long begin = System.nanoTime();
		List<String> records = programs.run(runtime, limit);
		System.out.printf("%s on %s: %d records in %.1f s%n", programs, where, records.size(),
				(System.nanoTime() - begin) / 1e9);
		return records;
	}

	/**
	 * Tests on the runtime of generation 2.x, which does not support cancellation.
	 */
	@Nested
	class V2 {

		@BeforeAll
		static void startRuntime() {
			List<String> states = List.of("count", "text", "note", "raw", "statefun_timers");
			start(Release.V2_2_2, ModuleYaml.v2(service.endpoint(), Map.of("program/a", states, "program/b", states)));
		}

		@AfterAll
		static void endRuntime() {
			runtime.close();
		}

		@Test
		void programsHaveTheSameResultsAsOnTheLocalRuntime() {
			assertSameResults(Protocol.V2, 0, PROGRAMS, LIMIT);
		}

		@Tag("soak")
		@Test
		void thousandsOfProgramsHaveTheSameResultsAsOnTheLocalRuntime() {
			assertSameResults(Protocol.V2, 100_000, SOAK_PROGRAMS, SOAK_LIMIT);
		}

	}

	/**
	 * Tests on the runtime of generation 3.x.
	 */
	@Nested
	class V3 {

		@BeforeAll
		static void startRuntime() {
			start(Release.V3_3_0, ModuleYaml.v3(service.endpoint(), "async", "program/*"));
		}

		@AfterAll
		static void endRuntime() {
			runtime.close();
		}

		@Test
		void programsHaveTheSameResultsAsOnTheLocalRuntime() {
			assertSameResults(Protocol.V3, 0, PROGRAMS, LIMIT);
		}

		@Tag("soak")
		@Test
		void thousandsOfProgramsHaveTheSameResultsAsOnTheLocalRuntime() {
			assertSameResults(Protocol.V3, 100_000, SOAK_PROGRAMS, SOAK_LIMIT);
		}

		// Either may win, on both runtimes
		@Test
		void messageCancelledWhenDueArrivesAtMostOnceAndItsTokenCanBeUsedAgain() {
			race("Flink", released());
			try (LocalRuntime local = local(Protocol.V3)) {
				race("the local runtime", new ProgramRuntime.Local(local));
			}
		}

		private static void race(String where, ProgramRuntime runtime) {
			List<Race> races = new ArrayList<>();
			IntStream.range(0, 120)
				.forEach((number) -> races.add(new Race("race-" + number, 30, 30 + number % 24 - 18)));
			int before = runtime.records().size();
			races.forEach((race) -> runtime.send(race.self(), race.message()));
			runtime.await(before + races.size() * Race.CERTAIN_RECORDS, LIMIT);
			// Those of messages that arrived although they were cancelled count, too
			Awaitility.await("the end of each race")
				.atMost(LIMIT)
				.until(runtime::records, (records) -> races.stream().allMatch((race) -> race.hasEnded(records)));
			runtime.settle();
			List<String> records = runtime.records();
			int delivered = 0;
			for (Race race : races) {
				List<String> found = records.stream().filter(race::hasSent).toList();
				assertThat(found).as("%s on %s", race, where).isIn(race.allowed());
				delivered += found.size() - Race.CERTAIN_RECORDS;
			}
			System.out.printf("%d races on %s: %d delivered, %d cancelled%n", races.size(), where, delivered,
					races.size() - delivered);
		}

	}

}
