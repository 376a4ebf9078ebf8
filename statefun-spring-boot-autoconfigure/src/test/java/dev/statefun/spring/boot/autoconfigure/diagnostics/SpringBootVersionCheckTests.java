package dev.statefun.spring.boot.autoconfigure.diagnostics;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link SpringBootVersionCheck}.
 */
class SpringBootVersionCheckTests {

	@ParameterizedTest
	@ValueSource(strings = { "4.0.0", "4.0.9", "4.0.10-SNAPSHOT", "4.0", "3.5.7", "2.7.18", "2.0.0.RELEASE" })
	void olderVersionIsRejectedByName(String version) {
		assertThatExceptionOfType(UnsupportedSpringBootException.class)
			.isThrownBy(() -> SpringBootVersionCheck.require(version))
			.withMessage("The application runs on Spring Boot " + version
					+ "; stateful functions need Spring Boot 4.1 or newer.");
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "4.1.0-M1", "4.1.0-SNAPSHOT", "4.1.1", "4.2.0", "4.10.0", "5.0.0", "10.0.0", "", "4",
			"unknown", "${version}", "99999999999.0" })
	void newerAndUnknownVersionsAreAccepted(@Nullable String version) {
		assertThatNoException().isThrownBy(() -> SpringBootVersionCheck.require(version));
	}

}
