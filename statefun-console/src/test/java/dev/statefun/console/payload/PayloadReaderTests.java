package dev.statefun.console.payload;

import java.nio.charset.StandardCharsets;
import java.util.List;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.console.payload.Payload.Kind;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.http.DescribedMessages;
import dev.statefun.sdk.http.HttpMessages;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.User;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for payloads as text.
 */
class PayloadReaderTests {

	private final StatefulFunctions functions = StatefulFunctions.builder().register("test/user", new Users()).build();

	private final PayloadReader reader = reader(new Masking(List.of(), List.of()));

	private PayloadReader reader(Masking masking) {
		return new PayloadReader(new HttpMessages(this.functions, DescribedMessages.besideThoseOf(this.functions)),
				this.functions.mappings(), masking);
	}

	@Test
	void knownMessageIsJson() {
		Payload payload = this.reader.read(Values.user("Joe"));
		assertThat(payload.kind()).isEqualTo(Kind.JSON);
		assertThat(payload.text()).isEqualTo("{\n  \"userId\": \"u-Joe\",\n  \"name\": \"Joe\"\n}");
		assertThat(PayloadReader.line(payload, 200)).isEqualTo("{\"userId\": \"u-Joe\", \"name\": \"Joe\"}");
	}

	@Test
	void primitivesAreJsonOrText() {
		assertThat(this.reader.read(Values.integer(7)).text()).isEqualTo("7");
		assertThat(this.reader.read(Values.flag(true)).text()).isEqualTo("true");
		assertThat(this.reader.read(Values.text("a \"b\""))).extracting(Payload::kind, Payload::text)
			.containsExactly(Kind.TEXT, "a \"b\"");
	}

	@Test
	void numbersOfJsonAreAsWritten() {
		Payload payload = this.reader.read(any("other/T", "{\"a\":1.10,\"b\":12345678901234567890123}"));
		assertThat(payload.text()).contains("1.10", "12345678901234567890123");
	}

	@Test
	void unknownTypeIsGuessed() {
		assertThat(this.reader.read(any("other/T", "plain")).kind()).isEqualTo(Kind.TEXT);
		assertThat(this.reader.read(any("other/T", "")).kind()).isEqualTo(Kind.EMPTY);
		assertThat(this.reader.read(any("other/T", "\u0001x")).kind()).isEqualTo(Kind.BINARY);
		Payload binary = this.reader
			.read(Any.newBuilder().setTypeUrl("other/T").setValue(ByteString.copyFrom(new byte[] { -1, 16 })).build());
		assertThat(binary.text()).isEqualTo("ff10");
	}

	@Test
	void brokenMessageOfAKnownTypeIsShownAsBytes() {
		Payload payload = this.reader.read(Any.newBuilder()
			.setTypeUrl("type.googleapis.com/example.User")
			.setValue(ByteString.copyFrom(new byte[] { 10, 100, 1 }))
			.build());
		assertThat(payload.kind()).isEqualTo(Kind.BINARY);
	}

	@Test
	void typesAndFieldsAreMasked() {
		PayloadReader masking = reader(new Masking(List.of("secret/*"), List.of("Password", "name")));
		assertThat(masking.read(any("secret/T", "x")).text()).isEqualTo("***");
		Payload nested = masking.read(any("other/T", "{\"a\":[{\"password\":\"x\"}],\"b\":1}"));
		assertThat(nested.masked()).isTrue();
		assertThat(nested.text()).contains("\"password\": \"***\"").doesNotContain("\"x\"");
		assertThat(masking.read(Values.user("Joe")).text()).contains("\"name\": \"***\"");
		assertThat(masking.headers(Headers.of("PASSWORD", "x")).get(0).toString()).contains("***");
		assertThat(masking.read(any("other/T", "{\"c\":1}")).masked()).isFalse();
	}

	@Test
	void cutKeepsCharactersWhole() {
		assertThat(Payload.cut("ab\ud83d\ude00", 3)).isEqualTo("ab");
		assertThat(PayloadReader.line(this.reader.read(Values.text("a\n\tb")), 200)).isEqualTo("a b");
		assertThat(PayloadReader.line(this.reader.read(Values.text("x".repeat(300))), 200)).hasSize(200).endsWith("…");
	}

	private static Any any(String type, String text) {
		return Any.newBuilder()
			.setTypeUrl(type)
			.setValue(ByteString.copyFrom(text.getBytes(StandardCharsets.UTF_8)))
			.build();
	}

	static final class Users {

		@Handler
		void handle(User user, Context context) {
		}

	}

}
