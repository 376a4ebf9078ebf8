package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.util.stream.Stream;

import com.google.protobuf.Any;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/**
 * Tests for the failure analyses of invalid function types.
 */
class FunctionTypeFailuresTests {

	private static final String FORM = "Write it in the form '<namespace>/<name>', with both parts non-empty.";

	private final WebApplicationContextRunner contextRunner = StartUpFailure.contextRunner();

	static Stream<StartUpFailure> failures() {
		return Stream.of(StartUpFailure.of(NoSlash.class, "Bean '%s': Function type 'no-slash' is not valid.", FORM),
				StartUpFailure.of(Empty.class, "Bean '%s': Function type '' is not valid.", FORM),
				StartUpFailure.of(BlankNamespace.class, "Bean '%s': Function type ' /name' is not valid.", FORM),
				StartUpFailure.of(BlankName.class, "Bean '%s': Function type 'test/ ' is not valid.", FORM),
				StartUpFailure.of(NoName.class, "Bean '%s': Function type 'test/' is not valid.", FORM),
				StartUpFailure.of(NoNamespace.class, "Bean '%s': Function type '/name' is not valid.", FORM),
				StartUpFailure.of(Unresolvable.class,
						"Bean '%s': Function type '${no.such}/name' has a placeholder that can't be resolved.",
						"Set the property that it names, or give it a default."));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void failureIsExplained(StartUpFailure failure) {
		failure.requireExplanation(this.contextRunner);
	}

	@StatefulFunction("no-slash")
	static class NoSlash {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction("")
	static class Empty {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction(" /name")
	static class BlankNamespace {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction("test/ ")
	static class BlankName {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction("test/")
	static class NoName {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction("/name")
	static class NoNamespace {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction("${no.such}/name")
	static class Unresolvable {

		@Handler
		void on(Any message) {
		}

	}

}
