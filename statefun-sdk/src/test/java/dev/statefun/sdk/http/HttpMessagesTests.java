package dev.statefun.sdk.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt32Value;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.http.HttpMessages.MessageType;
import dev.statefun.sdk.http.UnreadableRequestException.Fault;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testwire.example.Admin;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link HttpMessages}, whose reading of requests the playground tests too.
 */
class HttpMessagesTests {

	private static final FunctionType GREETER = FunctionType.of("test", "greeter");

	private static final String USER = "application/vnd.type.googleapis.com/example.User";

	private final StatefulFunctions functions = StatefulFunctions.builder()
		.codec(MessageCodec.of(Secret.class, "test/Secret", (secret) -> new byte[0], (bytes) -> {
			throw new IllegalStateException("the password is 1234");
		}))
		.register("test/greeter", new Greeter())
		.build();

	private final HttpMessages messages = new HttpMessages(this.functions,
			DescribedMessages.besideThoseOf(this.functions));

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "io.statefun.types/bool | 0801 | true", "io.statefun.types/int | 0d03000000 | 3",
					"io.statefun.types/long | 090300000000000000 | \"3\"", "io.statefun.types/float | 0d0000c03f | 1.5",
					"io.statefun.types/double | 09000000000000f83f | 1.5",
					"io.statefun.types/string | 0a0161 | \"a\"" })
	void primitivesAreWrittenAsJson(String typename, String hex, String json) {
		ByteString value = ByteString.fromHex(hex);
		assertThat(this.messages.json(any(typename, value))).isEqualTo(json);
	}

	@Test
	void messagesOfHandlersAndThoseBesideThemAreWrittenAsJson() {
		assertThat(this.messages.json(Any.pack(User.newBuilder().setName("Joe").build())))
			.isEqualTo("{\"name\":\"Joe\"}");
		assertThat(this.messages.json(Any.pack(Count.newBuilder().setValue(3).build(), "any.prefix")))
			.isEqualTo("{\"value\":3}");
		assertThat(this.messages.json(Any.pack(Admin.getDefaultInstance()))).isEqualTo("{}");
	}

	@Test
	void othersAreNot() {
		assertThat(this.messages.json(Any.pack(Timestamp.getDefaultInstance()))).isNull();
		assertThat(this.messages.json(any("test/Secret", ByteString.EMPTY))).isNull();
		assertThat(this.messages.json(any("", ByteString.EMPTY))).isNull();
		assertThat(this.messages.json(any("type.googleapis.com/example.User", ByteString.fromHex("0a7f")))).isNull();
		assertThat(this.messages.json(Any.pack(UInt32Value.of(3)))).isNull();
	}

	@Test
	void textIsRead() {
		assertThat(this.messages.text(any("io.statefun.types/string", ByteString.fromHex("0a0161")))).isEqualTo("a");
		assertThat(this.messages.text(any("io.statefun.types/string", ByteString.fromHex("ff")))).isNull();
		assertThat(this.messages.text(any("io.statefun.types/int", ByteString.EMPTY))).isNull();
	}

	@Test
	void messageKnowsWhetherItWasJson() throws Exception {
		MessageType json = this.messages.type(List.of(USER + "+json; charset=utf-8"));
		assertThat(json.isJsonOf(this.messages.message(GREETER, json, bytes("{}")))).isTrue();
		MessageType plain = this.messages.type(List.of(USER));
		assertThat(plain.isJsonOf(this.messages.message(GREETER, plain, new byte[0]))).isFalse();
		MessageType text = this.messages.type(List.of("text/plain"));
		assertThat(text.isJsonOf(this.messages.message(GREETER, text, bytes("+json")))).isFalse();
	}

	@Test
	void descriptionIsWithoutTheTextOfAnApplication() {
		MessageType type = new MessageType("test/Secret+json", false);
		assertThatExceptionOfType(UnreadableRequestException.class)
			.isThrownBy(() -> this.messages.message(GREETER, type, bytes("{}")))
			.withMessageContaining("1234")
			.satisfies((ex) -> assertThat(ex.description()).doesNotContain("1234"))
			.satisfies((ex) -> assertThat(ex.fault()).isEqualTo(Fault.BODY));
	}

	@Test
	void deeplyNestedJsonIsRefused() {
		MessageType type = new MessageType("type.googleapis.com/example.User+json", false);
		for (String part : List.of("[", "{\"name\":", "{\"a\":[")) {
			assertThatExceptionOfType(UnreadableRequestException.class)
				.isThrownBy(() -> this.messages.message(GREETER, type, bytes(part.repeat(500_000))))
				.satisfies((ex) -> assertThat(ex.fault()).isEqualTo(Fault.BODY));
		}
	}

	private static Any any(String typename, ByteString value) {
		return Any.newBuilder().setTypeUrl(typename).setValue(value).build();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	static final class Greeter {

		@Handler
		void user(User user) {
		}

		@Handler
		void text(String text) {
		}

		@Handler
		void secret(Secret secret) {
		}

	}

	/**
	 * A message that can't be read.
	 *
	 * @param text a text
	 */
	record Secret(@Nullable String text) {

	}

}
