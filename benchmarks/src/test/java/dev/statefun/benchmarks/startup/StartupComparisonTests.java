package dev.statefun.benchmarks.startup;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * That applications with and without the starter start.
 */
class StartupComparisonTests {

	@Test
	void applicationsStartWithTheirBeans() throws Exception {
		try (Applications applications = Applications.generate(2)) {
			for (Beans beans : Beans.values()) {
				Start start = applications.start(beans, 2);
				assertThat(start.millis()).isPositive();
				assertThat(start.heap()).isPositive();
			}
		}
	}

	@Test
	void applicationThatDoesNotStartSaysWhy() throws Exception {
		try (Applications applications = Applications.generate(1)) {
			assertThatIllegalStateException().isThrownBy(() -> applications.start(Beans.JSON, 2))
				.withMessageContaining("did not start")
				.withMessageContaining("startup.Json1");
		}
	}

}
