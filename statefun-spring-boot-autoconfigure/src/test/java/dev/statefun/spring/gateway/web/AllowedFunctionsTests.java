package dev.statefun.spring.gateway.web;

import java.util.List;

import dev.statefun.sdk.FunctionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link AllowedFunctions}.
 */
class AllowedFunctionsTests {

	private final AllowedFunctions allowed = AllowedFunctions.of(List.of("shop/cart", "example/*", "a/b/*"));

	@ParameterizedTest
	@ValueSource(strings = { "shop/cart", "example/count", "example/*", "a/b/c" })
	void namesAndNamespacesMatch(String type) {
		assertThat(this.allowed.contain(FunctionType.parse(type))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "shop/Cart", "Shop/cart", "shop/cart2", "example/x/y", "examples/x", "a/x", "a/b/c/d",
			"b/c", "shop/*" })
	void othersDoNot(String type) {
		assertThat(this.allowed.contain(FunctionType.parse(type))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "*", "*/*", "a*/b", "a/b*", "*/b", "a/", "/b", "ab", "", "-/requests", "-/a/b", "-/*",
			"a//b", "/a/b", "a//*", "./b", "a/..", "a/./*" })
	void otherPatternsAreRefused(String pattern) {
		assertThatIllegalArgumentException().isThrownBy(() -> AllowedFunctions.of(List.of(pattern)))
			.withMessageContaining("'" + pattern + "'");
	}

	@Test
	void emptyListAllowsNothing() {
		assertThat(AllowedFunctions.of(List.of()).isEmpty()).isTrue();
		assertThat(this.allowed.isEmpty()).isFalse();
	}

}
