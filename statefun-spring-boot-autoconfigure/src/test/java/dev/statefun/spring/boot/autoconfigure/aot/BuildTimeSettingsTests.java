package dev.statefun.spring.boot.autoconfigure.aot;

import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link BuildTimeSettings}.
 */
class BuildTimeSettingsTests {

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void settingsAreReadWithTheirDefaults() {
		assertThat(BuildTimeSettings.of(this.environment)).isEqualTo(new BuildTimeSettings(true, false));
	}

	@Test
	void unchangedSettingsAreFine() {
		assertThatCode(() -> BuildTimeSettings.requireUnchanged(this.environment, true, false))
			.doesNotThrowAnyException();
		this.environment.setProperty("statefun.enabled", "false");
		this.environment.setProperty("statefun.local-runtime.enabled", "true");
		assertThatCode(() -> BuildTimeSettings.requireUnchanged(this.environment, false, true))
			.doesNotThrowAnyException();
	}

	@Test
	void functionsCannotBeDisabledLater() {
		this.environment.setProperty("statefun.enabled", "false");
		assertThatExceptionOfType(FailureAnalyzedException.class)
			.isThrownBy(() -> BuildTimeSettings.requireUnchanged(this.environment, true, false))
			.withMessageStartingWith("'statefun.enabled' is false, but was true")
			.satisfies((ex) -> assertThat(ex.analysis().getAction())
				.contains("process the application again with 'statefun.enabled=false' set"));
	}

	@Test
	void functionsCannotBeEnabledLater() {
		assertThatExceptionOfType(FailureAnalyzedException.class)
			.isThrownBy(() -> BuildTimeSettings.requireUnchanged(this.environment, false, false))
			.withMessageStartingWith("'statefun.enabled' is true, but was false");
	}

	@Test
	void localRuntimeCannotBeEnabledLater() {
		this.environment.setProperty("statefun.local-runtime.enabled", "true");
		assertThatExceptionOfType(FailureAnalyzedException.class)
			.isThrownBy(() -> BuildTimeSettings.requireUnchanged(this.environment, true, false))
			.withMessageStartingWith("'statefun.local-runtime.enabled' is true, but was false");
	}

	@Test
	void localRuntimeDisabledByACommandIsFine() {
		this.environment.setProperty("statefun.local-runtime.enabled", "false");
		assertThatCode(() -> BuildTimeSettings.requireUnchanged(this.environment, true, true))
			.doesNotThrowAnyException();
	}

}
