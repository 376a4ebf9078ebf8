package dev.statefun.sdk;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TimeToLive}.
 */
class TimeToLiveTests {

	@ParameterizedTest
	@CsvSource({ "1ms,PT0.001S", "10s,PT10S", "10 s,PT10S", "5m,PT5M", "2h,PT2H", "30d,P30D", "' 7d ',P7D",
			"PT1H30M,PT1H30M", "P2D,P2D", "pt5s,PT5S" })
	void numbersWithUnitsAndIsoDurationsAreAccepted(String text, String expected) {
		assertThat(TimeToLive.parse(text)).isEqualTo(Duration.parse(expected));
	}

	@ParameterizedTest
	@ValueSource(strings = { " ", "5", "s", "5 weeks", "5S", "-5s", "1.5h", "5min", "P1Y", "five", "999999999999999d",
			"99999999999999999999s", "0x5s", "５s" })
	void otherTextsAreRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> TimeToLive.parse(text))
			.withMessageContaining("'" + text + "' is no time to live");
	}

}
