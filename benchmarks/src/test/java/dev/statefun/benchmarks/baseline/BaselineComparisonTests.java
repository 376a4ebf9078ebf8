package dev.statefun.benchmarks.baseline;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

import dev.statefun.benchmarks.report.Arguments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BaselineComparisonTests {

	private final List<String> measured = new ArrayList<>();

	@TempDir
	Path directory;

	@Test
	void versionsAlternateInGoingFirst() throws Exception {
		run(List.of(scenario("one", 1), scenario("two", 1)));
		assertThat(this.measured).hasSize(60)
			.startsWith("one baseline", "one current", "two baseline", "two current", //
					"one current", "one baseline", "two current", "two baseline", //
					"one baseline", "one current");
		assertThat(Collections.frequency(this.measured, "one baseline")).isEqualTo(15);
	}

	// Rounds take from 1 to 15 times as long, which is more than the versions differ by
	@Test
	void figuresAreRatiosWithinARound() throws Exception {
		assertThat(run(List.of(scenario("slower", 1.06), scenario("as fast", 1.0)), "--bytes-limit=1.1"))
			.contains("| slower | CPU, ns | 8000 | 8480 | 1.060 [1.060, 1.060] | 1.050 | missed |")
			.contains("| slower | allocated, B | 800 | 848 | 1.060 [1.060, 1.060] | 1.100 | met |")
			.contains("| as fast | CPU, ns | 8000 | 8000 | 1.000 [1.000, 1.000] | 1.050 | met |");
	}

	@Test
	void unmeasuredFiguresHaveNoRow() throws Exception {
		Scenario scenario = Scenario.oneAfterTheOther("some", (version) -> Map.of(Figure.CPU, 1.0));
		assertThat(run(List.of(scenario))).contains("| some | CPU, ns |").doesNotContain("allocated");
	}

	@Test
	void limitCanBeGiven() throws Exception {
		assertThat(run(List.of(scenario("slower", 1.06)), "--limit=1.1"))
			.contains("| slower | CPU, ns | 8000 | 8480 | 1.060 [1.060, 1.060] | 1.100 | met |")
			.contains("| slower | allocated, B | 800 | 848 | 1.060 [1.060, 1.060] | 1.001 | missed |");
	}

	@Test
	void tooFewRoundsAreRejected() {
		assertThatIllegalArgumentException().isThrownBy(() -> run(List.of(), "--rounds=14"))
			.withMessageContaining("Found --rounds=14, expected at least 15");
	}

	@Test
	void comparisonOfNothingIsAnError() {
		assertThatIllegalArgumentException().isThrownBy(() -> run(List.of()))
			.withMessageContaining("nothing to measure");
	}

	@Test
	void limitWithoutBaselineIsAnError() {
		assertThat(BaselineComparison.isAskedFor(arguments("--baseline=old.jar", "--limit=1.1"))).isTrue();
		assertThat(BaselineComparison.isAskedFor(arguments("--rounds=3"))).isFalse();
		assertThatIllegalArgumentException().isThrownBy(() -> BaselineComparison.isAskedFor(arguments("--limit=1.1")))
			.withMessageContaining("Found --limit without --baseline=<jar>");
	}

	@Test
	void baselineThatDoesNotExistIsAnError() {
		assertThatIllegalArgumentException().isThrownBy(() -> BaselineComparison.of(arguments("--baseline=none.jar")))
			.withMessageContaining("There is no file 'none.jar'");
		assertThatIllegalArgumentException().isThrownBy(() -> BaselineComparison.of(arguments("--baseline=")))
			.withMessageContaining("There is no file ''");
	}

	private Scenario scenario(String name, double slowDown) {
		return Scenario.oneAfterTheOther(name, (version) -> {
			String measurement = name + " " + version.name();
			this.measured.add(measurement);
			double cost = Collections.frequency(this.measured, measurement)
					* (version.name().equals("current") ? slowDown : 1);
			return Map.of(Figure.CPU, 1000 * cost, Figure.ALLOCATED, 100 * cost);
		});
	}

	private static Arguments arguments(String... arguments) {
		return Arguments.of(arguments, "baseline", "rounds", "limit", "bytes-limit");
	}

	private String run(List<Scenario> scenarios, String... more) throws Exception {
		Path sdk = this.directory.resolve("statefun-sdk.jar");
		try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(sdk))) {
			jar.putNextEntry(new JarEntry("dev/statefun/sdk/Context.class"));
		}
		List<String> all = new ArrayList<>(List.of(more));
		all.add("--baseline=" + sdk);
		BaselineComparison comparison = BaselineComparison.of(arguments(all.toArray(String[]::new)));
		PrintStream original = System.out;
		ByteArrayOutputStream printed = new ByteArrayOutputStream();
		System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
		try {
			comparison.run("Fakes", scenarios);
		}
		finally {
			System.setOut(original);
		}
		return printed.toString(StandardCharsets.UTF_8);
	}

}
