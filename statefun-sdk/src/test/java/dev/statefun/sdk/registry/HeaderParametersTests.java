package dev.statefun.sdk.registry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Header;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.failure.InvalidMessageException;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.Values;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Header @Header} parameters.
 */
class HeaderParametersTests {

	private static final Any MESSAGE = Values.withHeader(Values.integer(1), "tenant", "acmé");

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void headerIsPassedInEachForm(Dialect dialect) {
		List<Object> seen = new ArrayList<>();
		Cluster.of(dialect, new Object() {

			@Handler
			void on(@Header("tenant") String text, @Header("tenant") byte[] bytes, int message, Context context,
					@Header("tenant") ByteString string, @Header("tenant") Optional<String> optional,
					@Header("other") Optional<ByteString> absent, Headers all) {
				seen.addAll(List.of(text, new String(bytes, StandardCharsets.UTF_8), message, string.toStringUtf8(),
						optional, absent, all.equals(context.headers())));
			}

		}).call(MESSAGE);
		assertThat(seen).containsExactly("acmé", "acmé", 1, "acmé", Optional.of("acmé"), Optional.empty(), true);
	}

	@Test
	void headerThatIsNotRequiredMayBeAbsent() {
		List<@Nullable String> seen = new ArrayList<>();
		Cluster.of(Dialect.V3, new Object() {

			@Handler
			void on(int message, @Header("zone") @Nullable String nullable,
					@Header(value = "zone", required = false) String optional) {
				seen.add(nullable);
				seen.add(optional);
			}

		}).call(Values.withHeader(MESSAGE, "zone", null));
		assertThat(seen).containsExactly(null, null);
	}

	@Test
	void messageWithoutARequiredHeaderIsNotValid() {
		assertThat(Cluster.of(Dialect.V3, new TextHandler()).mistake(Values.integer(1)))
			.isInstanceOf(InvalidMessageException.class)
			.hasMessage("Function 'example/function' got a message without the header 'tenant', which handler "
					+ "'TextHandler.on(int, String)' requires; send it, or make the parameter an Optional");
	}

	@Test
	void bytesThatAreNoTextAreNotValid() {
		Any message = Values.withField(Values.integer(1), Values.HEADERS,
				ByteString.copyFrom(new byte[] { 0x0a, 6, 't', 'e', 'n', 'a', 'n', 't', 0x12, 1, -1, 0x18, 1 }));
		assertThat(Cluster.of(Dialect.V3, new TextHandler()).mistake(message))
			.isInstanceOf(InvalidMessageException.class)
			.hasMessage("Function 'example/function' got a message whose header 'tenant' has 1 bytes that are not "
					+ "UTF-8, where handler 'TextHandler.on(int, String)' takes a text; send UTF-8, or make the "
					+ "parameter a byte[]");
	}

	@Test
	void typeOfAHeaderIsATextOrBytes() {
		assertInvalid(new Object() {

			@Handler
			void on(int message, @Header("count") Optional<Integer> count) {
			}

		}, "header 'count' is a parameter of the type 'java.util.Optional<java.lang.Integer>'",
				"Declare it as String, byte[] or ByteString, or as an Optional of one of them");
	}

	@Test
	void keyOfAHeaderIsChecked() {
		assertInvalid(new Object() {

			@Handler
			void on(int message, @Header("no key") String header) {
			}

		}, "Header key 'no key' is not valid", "Give it 1 to 128 letters, digits or characters of !#$%&'*+-.^_`|~");
	}

	@Test
	void keyMayHavePlaceholders() {
		List<String> seen = new ArrayList<>();
		FunctionSource source = FunctionSource.of(new Object() {

			@Handler
			void on(int message, @Header("${key}") String header) {
				seen.add(header);
			}

		}).textResolver((text) -> text.replace("${key}", "tenant"));
		new Cluster(Dialect.V3, StatefulFunctions.builder().register(Cluster.FUNCTION, source).build()).call(MESSAGE);
		assertThat(seen).containsExactly("acmé");
	}

	private static void assertInvalid(Object function, String problem, String action) {
		assertThatExceptionOfType(InvalidFunctionException.class).isThrownBy(() -> Cluster.of(Dialect.V3, function))
			.satisfies((ex) -> {
				assertThat(ex.problem()).startsWith("handler '").endsWith("': " + problem);
				assertThat(ex.action()).isEqualTo(action);
			});
	}

	static final class TextHandler {

		@Handler
		void on(int message, @Header("tenant") String tenant) {
			throw new AssertionError("unreachable");
		}

	}

}
