package dev.statefun.flinktests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import dev.statefun.flinktests.program.Commands;
import dev.statefun.flinktests.program.Expectation;
import dev.statefun.flinktests.program.Program;
import dev.statefun.sdk.handler.Protocol;
import org.awaitility.core.ConditionTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A set of random programs that run on one runtime at the same time.
 */
final class Programs {

	private final List<Program> programs;

	private Programs(List<Program> programs) {
		this.programs = programs;
	}

	static Programs of(Protocol cluster, long firstSeed, int count) {
		return new Programs(
				LongStream.range(firstSeed, firstSeed + count).mapToObj((seed) -> Program.of(seed, cluster)).toList());
	}

	/**
	 * Run the programs and compare their records with the expectation. Every message
	 * writes a record, so when all records are there, only the reports of states are
	 * left.
	 * @param runtime runtime to use
	 * @param limit time limit, applied twice
	 * @return all records, including those of the states
	 */
	List<String> run(ProgramRuntime runtime, Duration limit) {
		int before = runtime.records().size();
		this.programs
			.forEach((program) -> program.inputs().forEach((input) -> runtime.send(input.target(), input.message())));
		List<String> expected = this.programs.stream()
			.flatMap((program) -> Expectation.of(program).records().stream())
			.toList();
		await(runtime, before, expected, limit);
		this.programs
			.forEach((program) -> program.addresses().forEach((address) -> runtime.send(address, Commands.report())));
		expected = this.programs.stream().flatMap((program) -> Expectation.recordsAndStates(program).stream()).toList();
		await(runtime, before, expected, limit);
		runtime.settle();
		List<String> records = since(runtime, before);
		assertSame(expected, records);
		return records;
	}

	private void await(ProgramRuntime runtime, int before, List<String> expected, Duration limit) {
		try {
			runtime.await(before + expected.size(), limit);
		}
		catch (ConditionTimeoutException ex) {
			// The missing records say more than a timeout
			assertSame(expected, since(runtime, before));
			throw ex;
		}
	}

	private static List<String> since(ProgramRuntime runtime, int before) {
		List<String> records = runtime.records();
		return records.subList(before, records.size());
	}

	/**
	 * Compare records of all programs, in any order.
	 * @param expected expected records
	 * @param found actual records
	 */
	void assertSame(List<String> expected, List<String> found) {
		Map<Long, List<String>> expectedOfSeed = bySeed(expected);
		Map<Long, List<String>> foundOfSeed = bySeed(found);
		for (Program program : this.programs) {
			assertSame(program, expectedOfSeed.getOrDefault(program.seed(), List.of()),
					foundOfSeed.getOrDefault(program.seed(), List.of()));
		}
		assertThat(foundOfSeed.keySet()).isEqualTo(expectedOfSeed.keySet());
	}

	static void assertSame(Program program, List<String> expected, List<String> found) {
		List<String> rest = new ArrayList<>(found);
		List<String> missing = expected.stream().filter((record) -> !rest.remove(record)).toList();
		assertThat(missing.isEmpty() && rest.isEmpty()).as(() -> """
				%s
				expected: %s
				found: %s
				missing: %s
				not expected: %s
				""".formatted(program, expected, found, missing, rest)).isTrue();
	}

	private static Map<Long, List<String>> bySeed(List<String> records) {
		return records.stream().collect(Collectors.groupingBy(Programs::seed, TreeMap::new, Collectors.toList()));
	}

	private static long seed(String record) {
		String id = record.substring("program/a/".length());
		return Program.seed(id);
	}

	// Minimum number of messages that functions handle
	int messages() {
		return this.programs.stream().mapToInt((program) -> Expectation.of(program).messages()).sum();
	}

	@Override
	public String toString() {
		return "%d programs with %d messages".formatted(this.programs.size(), messages());
	}

}
