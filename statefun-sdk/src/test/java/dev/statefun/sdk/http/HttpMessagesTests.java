package dev.statefun.sdk.http;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Option;
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
import org.junit.jupiter.params.provider.ValueSource;

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

	@ParameterizedTest
	@ValueSource(strings = { "{\"name\":\"a\"}]garbage", "{name:\"a\"}", "{'name':'a'}", "{\"name\":\"a\"}//", "{};{}",
			"{\"name\"=\"a\"}", "", "name" })
	void bodyThatIsNoJsonIsRefused(String body) {
		MessageType type = new MessageType("type.googleapis.com/example.User+json", false);
		assertThatExceptionOfType(UnreadableRequestException.class)
			.isThrownBy(() -> this.messages.message(GREETER, type, bytes(body)))
			.withMessageContaining("is not JSON of the type 'type.googleapis.com/example.User': not JSON at character")
			.satisfies((ex) -> assertThat(ex.fault()).isEqualTo(Fault.BODY));
	}

	@ParameterizedTest
	@ValueSource(strings = {
			"{\"name\":\"a\",\"value\":{\"@type\":\"type.googleapis.com/example.Admin\",\"name\":\"Joe\"}}",
			"{\"name\":\"a\",\"value\":{\"@type\":\"type.googleapis.com/google.protobuf.Timestamp\",\"value\":\"2026-01-01T00:00:00Z\"}}",
			"{\"name\":\"a\",\"value\":{\"@type\":\"type.googleapis.com/google.protobuf.Int64Value\",\"value\":\"3\"}}" })
	void fieldsMayHaveMessagesOfAnyKnownType(String json) throws Exception {
		MessageType type = new MessageType("type.googleapis.com/google.protobuf.Option+json", false);
		assertThat(this.messages.json(this.messages.message(GREETER, type, bytes(json)))).isEqualTo(json);
	}

	@Test
	void fieldsWithMessagesOfUnknownTypesHaveNoJson() {
		MessageType type = new MessageType("type.googleapis.com/google.protobuf.Option+json", false);
		byte[] body = bytes("{\"value\":{\"@type\":\"type.googleapis.com/other.Type\"}}");
		assertThatExceptionOfType(UnreadableRequestException.class)
			.isThrownBy(() -> this.messages.message(GREETER, type, body))
			.satisfies((ex) -> assertThat(ex.fault()).isEqualTo(Fault.BODY));
		Any unknown = Any.newBuilder().setTypeUrl("type.googleapis.com/other.Type").build();
		assertThat(this.messages.json(Any.pack(Option.newBuilder().setValue(unknown).build()))).isNull();
	}

	@Test
	void messagesBesideRepliesAreWrittenAsJson() {
		StatefulFunctions functions = StatefulFunctions.builder().register("test/replying", new Replying()).build();
		assertThat(new HttpMessages(functions, DescribedMessages.besideThoseOf(functions))
			.json(Any.pack(Admin.newBuilder().setName("a").build()))).isEqualTo("{\"name\":\"a\"}");
	}

	@Test
	void missingLibraryIsNoticed() throws Exception {
		assertThat(HttpMessages.hasJsonLibrary()).isTrue();
		List<URL> classPath = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			if (!entry.contains("protobuf-java-util")) {
				classPath.add(Path.of(entry).toUri().toURL());
			}
		}
		try (URLClassLoader without = new URLClassLoader(classPath.toArray(URL[]::new),
				ClassLoader.getPlatformClassLoader())) {
			assertThat(without.loadClass(HttpMessages.class.getName()).getMethod("hasJsonLibrary").invoke(null))
				.isEqualTo(false);
		}
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

		@Handler
		void option(Option option) {
		}

	}

	static final class Replying {

		@Handler
		User count(Integer count) {
			return User.getDefaultInstance();
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
