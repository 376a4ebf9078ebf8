package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Header;
import dev.statefun.spring.StatefulFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the failure analyses of headers.
 */
class HeaderFailuresTests {

	private static final String KEY = "Give it 1 to 128 letters, digits or characters of !#$%&'*+-.^_`|~.";

	static Stream<StartUpFailure> failures() {
		return Stream.of(
				StartUpFailure.notServed(BadKey.class,
						"handler 'BadKey.on(String, String)': Header key 'no key' is not valid.", KEY),
				StartUpFailure.notServed(BadType.class,
						"handler 'BadType.on(String, int)': header 'count' is a parameter of the type 'int'.",
						"Declare it as String, byte[] or ByteString, or as an Optional of one of them."));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void failureIsExplained(StartUpFailure failure) {
		failure.requireExplanation(StartUpFailure.contextRunner());
	}

	@Test
	void keyInThePropertiesIsExplained() {
		StartUpFailure.contextRunner().withPropertyValues("statefun.headers.propagate=tenant,no key").run((context) -> {
			FailureAnalysis analysis = StartUpFailure.analyze(Objects.requireNonNull(context.getStartupFailure()));
			assertThat(analysis.getDescription())
				.isEqualTo("'statefun.headers.propagate': Header key 'no key' is not valid.");
			assertThat(analysis.getAction()).isEqualTo(KEY);
		});
	}

	@Test
	void requiredHeaderIsExplainedIfHeadersAreDisabled() {
		new StartUpFailure("disabled", Required.class,
				"Headers are disabled, but handler 'Required.on(String, String, Optional)' of function 'test/header' requires the "
						+ "header 'tenant', so each of its messages would fail.",
				"Enable headers, or make the parameter an Optional.")
			.requireExplanation(StartUpFailure.contextRunner().withPropertyValues("statefun.headers.enabled=false"));
	}

	@StatefulFunction("test/header")
	static class Required {

		@Handler
		void on(String message, @Header("tenant") String tenant, @Header("zone") Optional<String> zone) {
		}

	}

	@StatefulFunction("test/header")
	static class BadKey {

		@Handler
		void on(String message, @Header("no key") String header) {
		}

	}

	@StatefulFunction("test/header")
	static class BadType {

		@Handler
		void on(String message, @Header("count") int header) {
		}

	}

}
