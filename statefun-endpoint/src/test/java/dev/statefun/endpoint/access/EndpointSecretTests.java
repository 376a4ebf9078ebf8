package dev.statefun.endpoint.access;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link EndpointSecret}.
 */
class EndpointSecretTests {

	private static final String VALUE = "aB3-._~456789012";

	@Test
	void onlyTheSecretMatches() {
		EndpointSecret secret = EndpointSecret.of(VALUE);
		assertThat(secret.isKnownBy(VALUE)).isTrue();
		assertThat(secret.isKnownBy("")).isFalse();
		assertThat(secret.isKnownBy(VALUE + "3")).isFalse();
		assertThat(secret.isKnownBy(VALUE.substring(1))).isFalse();
		assertThat(secret.isKnownBy(VALUE.toLowerCase())).isFalse();
		assertThat(secret.isKnownBy(VALUE.replace("0", "%30"))).isFalse();
	}

	@Test
	void toStringDoesNotShowTheSecret() {
		assertThat(EndpointSecret.of(VALUE)).hasToString("******");
		assertThat(new EndpointRestrictions(false, null, EndpointSecret.of(VALUE)).toString()).doesNotContain(VALUE);
	}

	@Test
	void pathsContainTheSecretAndTextsDoNot() {
		EndpointSecret secret = EndpointSecret.of(VALUE);
		assertThat(secret.behind("/app/statefun")).isEqualTo("/app/statefun/" + VALUE);
		assertThat(secret.maskIn("'http://cart/statefun/" + VALUE + "' and '/statefun'"))
			.isEqualTo("'http://cart/statefun/******' and '/statefun'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "short", "123456789012345" })
	void shortSecretIsRejectedWithoutBeingShown(String value) {
		assertThatIllegalArgumentException().isThrownBy(() -> EndpointSecret.of(value))
			.withMessage("has " + value.length() + " characters; expected at least 16");
	}

	@ParameterizedTest
	@ValueSource(strings = { "01234567890123/5", "01234567890123 5", "01234567890123%5", "0123456789012345\n",
			"01234567890123?5", "01234567890123;5", "0123456789012ä45", "01234567890123+5", "{0123456789012345}" })
	void invalidCharactersAreRejectedWithoutBeingShown(String value) {
		assertThatIllegalArgumentException().isThrownBy(() -> EndpointSecret.of(value))
			.withMessage("has a character that a URL does not hold as it is");
	}

}
