package dev.statefun.spring.boot.autoconfigure.web;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnusedNettySettings}.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnusedNettySettingsTests {

	private static void check(MockEnvironment environment) {
		new UnusedNettySettings(environment).afterSingletonsInstantiated();
	}

	@Test
	void settingsOfNettyAreReported(CapturedOutput output) {
		check(new MockEnvironment().withProperty("statefun.server.execution", "pool")
			.withProperty("statefun.server.poolSize", "7")
			.withProperty("statefun.server.netty.event-loops", "2"));
		assertThat(output).contains("WARN")
			.contains(
					"[statefun.server.execution, statefun.server.pool-size, statefun.server.netty.event-loops] of the "
							+ "configuration have no effect, as the servlet container of the application serves the endpoint");
	}

	@Test
	void settingsOfThePortAreUsed(CapturedOutput output) {
		check(new MockEnvironment().withProperty("statefun.server.port", "9000")
			.withProperty("statefun.server.ssl.bundle", "x")
			.withProperty("statefun.server.engine", "auto"));
		assertThat(output).isEmpty();
	}

}
