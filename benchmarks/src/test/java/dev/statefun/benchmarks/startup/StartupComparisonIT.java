package dev.statefun.benchmarks.startup;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests that applications start with and without the starter.
 */
class StartupComparisonIT {

	@Test
	void applicationsStartWithTheirBeans() throws Exception {
		try (Applications applications = Applications.generate(2)) {
			for (Beans beans : Beans.values()) {
				Start start = applications.start(beans, 2);
				assertThat(start.processor()).isPositive();
				assertThat(start.millis()).isPositive();
				assertThat(start.heap()).isPositive();
			}
		}
	}

	@Test
	void applicationThatDoesNotStartIsReportedWithItsOutput() throws Exception {
		try (Applications applications = Applications.generate(1)) {
			assertThatIllegalStateException().isThrownBy(() -> applications.start(Beans.JSON, 2))
				.withMessageContaining("did not start")
				.withMessageContaining("startup.Json1");
		}
	}

	@Test
	void reportHasARowForEachApplication() throws Exception {
		String report = compare("--rounds=1", "--functions=0,2");
		assertThat(report).contains("| none | ")
			.contains("| none, with the starter | ")
			.contains("| 2 PLAIN | ")
			.contains("| 2 NUMBERS | ")
			.contains("| 2 JSON | ");
	}

	@Test
	void reportIsOfTheGivenBeansOnly() throws Exception {
		assertThat(compare("--rounds=1", "--functions=2", "--beans=NUMBERS")).contains("| 2 PLAIN | ")
			.contains("| 2 NUMBERS | ")
			.doesNotContain("JSON")
			.doesNotContain("none");
	}

	private static String compare(String... arguments) throws Exception {
		PrintStream original = System.out;
		ByteArrayOutputStream printed = new ByteArrayOutputStream();
		System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
		try {
			StartupComparison.main(arguments);
		}
		finally {
			System.setOut(original);
		}
		return printed.toString(StandardCharsets.UTF_8);
	}

}
