package dev.statefun.sdk.http;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link StrictJson}.
 */
class StrictJsonTests {

	@ParameterizedTest
	@ValueSource(strings = { "{}", "[]", "null", "true", "false", "0", "-0", "10", "-1.5e+10", "1E-2", "0.0", "\"\"",
			"\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00fF\\ud800 ü'\"", " {\"a\" : [ 1 , {} , [] , \"x\" ] , \"b\":null}\r\n\t",
			"[[[]],{\"a\":{\"b\":[true]}}]", "{\"a\":1,\"a\":2}" })
	void jsonIsAccepted(String json) {
		assertThatCode(() -> StrictJson.require(json)).doesNotThrowAnyException();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "{", "}", "[", "]", "{]", "[}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}",
			"{\"a\" 1}", "{a:1}", "{'a':1}", "{\"a\"=1}", "{\"a\":1;\"b\":2}", "{\"a\":1 \"b\":2}", "{1:2}",
			"{\"name\":\"a\"}]garbage", "{\"name\":\"a\"}{}", "[1,]", "[,1]", "[1 2]", "[1;2]", "'a'", "a", "nul",
			"True", "nullx", "NaN", "Infinity", "-Infinity", "01", "-", "-a", "1.", ".5", "+1", "1e", "1e+", "0x10",
			"1 2", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\", "\"a\nb\"", "\"\t\"", "\"\u0000\"", "// c\n{}",
			"/* c */{}", "{}# c", "{/**/}", "\ufeff{}", ")]}'\n{}", "\u00a0{}" })
	void othersAreRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> StrictJson.require(text))
			.withMessageMatching("not JSON at character \\d+: expected .+");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "{\"a\" 1} | 6 | ':'", "[1 2] | 4 | ',' or ']'",
			"{\"a\":1 2} | 8 | ',' or '}'", "{\"a\":1}] | 8 | nothing more", "{a:1} | 2 | a name in double quotes" })
	void messageSaysWhere(String text, int character, String expected) {
		assertThatIllegalArgumentException().isThrownBy(() -> StrictJson.require(text))
			.withMessage("not JSON at character " + character + ": expected " + expected);
	}

	@Test
	void depthHasNoLimit() {
		int depth = 1_000_000;
		assertThatCode(() -> StrictJson.require("[".repeat(depth) + "]".repeat(depth))).doesNotThrowAnyException();
		assertThatIllegalArgumentException().isThrownBy(() -> StrictJson.require("{\"a\":[".repeat(depth)));
	}

}
