package dev.statefun.module.settings;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link BatchTimeLimit}.
 */
class BatchTimeLimitTests {

	@ParameterizedTest
	@CsvSource(nullValues = "-", value = { "-, -, 110, 55", "-, 300, 295, 295", "-, 30, 25, 25", "20, -, 20, 20",
			"20, 30, 20, 20", "200, 30, 200, 200", "0, -, 0, 0", "0, 30, 0, 0" })
	void explicitLimitOverridesThatOfTheModuleAndOfTheTransports(@Nullable Integer explicit, @Nullable Integer call,
			int async, int okhttp) {
		BatchTimeLimit limit = BatchTimeLimit.of(seconds(explicit), seconds(call));
		assertThat(limit.forAsyncTransport()).hasSeconds(async);
		assertThat(limit.forOkHttpTransport()).hasSeconds(okhttp);
	}

	private static @Nullable Duration seconds(@Nullable Integer seconds) {
		return (seconds != null) ? Duration.ofSeconds(seconds) : null;
	}

	@ParameterizedTest
	@CsvSource({ "PT11S, PT6S", "PT10S, PT5S", "PT9S, PT4.5S", "PT5S, PT2.5S", "PT0.001S, PT0.0005S" })
	void shortCallTimeoutLeavesHalfToTheBatch(Duration call, Duration expected) {
		assertThat(BatchTimeLimit.of(null, call).forOkHttpTransport()).isEqualTo(expected);
	}

	@Test
	void asynchronousTransportIsDetectedByItsUserAgent() {
		assertThat(BatchTimeLimit.of(null, null).forUserAgent("statefun")).hasSeconds(110);
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "okhttp/3.14.6", "", "Statefun", "statefun/3.3.0", "curl/8.0" })
	void everyOtherUserAgentGetsTheLimitOfOkHttp(@Nullable String userAgent) {
		assertThat(BatchTimeLimit.of(null, null).forUserAgent(userAgent)).hasSeconds(55);
	}

	@ParameterizedTest
	@CsvSource({ "110, 55, 110", "55, 110, 110", "110, 0, 0", "0, 55, 0", "0, 0, 0" })
	void longestLimitIsZeroIfATransportHasNone(int async, int okhttp, int expected) {
		BatchTimeLimit limit = new BatchTimeLimit(Duration.ofSeconds(async), Duration.ofSeconds(okhttp));
		assertThat(limit.longest()).hasSeconds(expected);
	}

	@Test
	void invalidTimesAreRejected() {
		Duration negative = Duration.ofMillis(-1);
		assertThatIllegalArgumentException().isThrownBy(() -> BatchTimeLimit.of(negative, null))
			.withMessage("'forAsyncTransport' must not be negative");
		assertThatIllegalArgumentException().isThrownBy(() -> BatchTimeLimit.of(null, Duration.ZERO))
			.withMessage("'statefun.module.transport.call' is PT0S; expected a positive time");
	}

}
