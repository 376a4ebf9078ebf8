package dev.statefun.sdk;

import java.util.List;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.Headers.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Headers}.
 */
class HeadersTests {

	@Test
	void valuesAreTextsOrBytes() {
		Headers headers = Headers.of("tenant", "acmé").and("raw", ByteString.copyFrom(new byte[] { -1 }));
		assertThat(headers.get("tenant")).contains("acmé");
		assertThat(headers.bytes("raw")).contains(ByteString.copyFrom(new byte[] { -1 }));
		assertThat(headers.get("other")).isEmpty();
		assertThat(headers.bytes("TENANT")).isEmpty();
		assertThatIllegalStateException().isThrownBy(() -> headers.get("raw"))
			.withMessage("Header 'raw' has 1 bytes that are not UTF-8; read them with bytes(...)");
	}

	@Test
	void lastOfRepeatedKeysCounts() {
		Headers headers = Headers
			.ofAll(List.of(entry("a", "1"), entry("b", "2"), entry("a", "3"), entry("b", "4"), new Entry("b", null)));
		assertThat(headers.get("a")).contains("3");
		assertThat(headers.get("b")).isEmpty();
		assertThat(headers.contains("b")).isTrue();
		assertThat(headers.all()).extracting(Entry::key).containsExactly("a", "b", "a", "b", "b");
	}

	@Test
	void anotherValueReplacesAllWithItsKey() {
		Headers repeated = Headers.ofAll(List.of(entry("a", "1"), entry("b", "2"), entry("a", "3")));
		assertThat(repeated.and("a", "4").all()).containsExactly(entry("b", "2"), entry("a", "4"));
		assertThat(repeated.and(Headers.of("a", "4")).all()).containsExactly(entry("b", "2"), entry("a", "4"));
		assertThat(repeated.and(Headers.empty())).isSameAs(repeated);
		assertThat(Headers.empty().and(repeated)).isSameAs(repeated);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "a:b", "é", "a\n" })
	void keysAreThoseOfHttpHeaders(String key) {
		assertThatIllegalArgumentException().isThrownBy(() -> Headers.of(key, "x"))
			.withMessage("Header key '" + key.replace('\n', '?')
					+ "' is not valid. Give it 1 to 128 letters, digits or characters of !#$%&'*+-.^_`|~.");
		assertThat(Headers.ofAll(List.of(entry(key, "x"))).get(key)).as("of another sender").contains("x");
	}

	@Test
	void keysAreBounded() {
		assertThat(Headers.of("k".repeat(128), "x").all()).hasSize(1);
		assertThatIllegalArgumentException().isThrownBy(() -> Headers.of("k".repeat(129), "x"))
			.withMessageContaining("Give it 1 to 128 letters");
	}

	@Test
	void numberIsBounded() {
		Headers headers = Headers.empty();
		for (int i = 0; i < Headers.MAX_COUNT; i++) {
			headers = headers.and("key-" + i, "x");
		}
		Headers full = headers;
		assertThat(full.and("key-7", "y").all()).hasSize(64);
		assertThatIllegalArgumentException().isThrownBy(() -> full.and("more", "x"))
			.withMessage("Header 'more' would be number 65 of a message; expected at most 64");
		assertThatIllegalArgumentException().isThrownBy(() -> full.and(Headers.of("more", "x")))
			.withMessage("Header 'more' would be number 65 of a message; expected at most 64");
	}

	@Test
	void sizeIsBounded() {
		assertThat(Headers.of("key", "x".repeat(8189)).all()).hasSize(1);
		assertThatIllegalArgumentException().isThrownBy(() -> Headers.of("key", "x".repeat(8190)))
			.withMessage("With header 'key', the headers of a message would have 8193 bytes; expected at most 8192. "
					+ "Put large values into the message");
	}

	@Test
	void textWithHalfASurrogatePairIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Headers.of("key", "\ud83d"))
			.withMessage("Header 'key' has a text with an unpaired surrogate, which UTF-8 can't express");
	}

	@Test
	void logLinesShowNoValues() {
		assertThat(Headers.of("tenant", "secret").and("zone", "secret")).hasToString("headers [tenant, zone]");
		assertThat(new Entry("a\nb", ByteString.copyFromUtf8("secret"))).hasToString("header 'a?b'");
	}

	private static Entry entry(String key, String value) {
		return new Entry(key, ByteString.copyFromUtf8(value));
	}

}
