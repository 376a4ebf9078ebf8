package dev.statefun.spring.boot.autoconfigure.actuate;

import java.time.Duration;

import dev.statefun.module.settings.BatchTimeLimit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link StatefunHealthProperties}.
 */
class StatefunHealthPropertiesTests {

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "-, -, 120", "PT8S, -, 18", "PT0S, -, 120", "-, PT5M, 305", "PT1H, PT5M, 3610" })
	void batchWithinItsLimitIsNotStuck(@Nullable Duration batchTimeout, @Nullable Duration call, int expected) {
		assertThat(new StatefunHealthProperties(null).stuckAfter(BatchTimeLimit.of(batchTimeout, call)))
			.hasSeconds(expected);
	}

	@Test
	void configuredTimeApplies() {
		Duration set = Duration.ofSeconds(3);
		assertThat(new StatefunHealthProperties(set).stuckAfter(BatchTimeLimit.of(null, null))).isEqualTo(set);
	}

	@Test
	void invalidTimeIsRejected() {
		assertThatIllegalArgumentException().isThrownBy(() -> new StatefunHealthProperties(Duration.ZERO))
			.withMessage("'statefun.health.stuck-after' is PT0S; expected 1ms to 7d");
	}

}
