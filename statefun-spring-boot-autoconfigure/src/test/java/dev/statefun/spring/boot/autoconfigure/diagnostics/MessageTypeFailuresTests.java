package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Tests for the failure analyses of message types without a usable mapping.
 */
class MessageTypeFailuresTests {

	private static final String SELF = MessageTypeFailuresTests.class.getName();

	private static final String UNMAPPED = "Mark it with @MessageType(\"<namespace>/<name>\"), "
			+ "add a MessageCodec that takes it, or use a protobuf message, boolean, int, long, float, double, "
			+ "String or google.protobuf.Any instead.";

	private static final String UNMAPPED_RESULT = UNMAPPED
			+ " Return 'Object' if only the result itself tells its type.";

	private final WebApplicationContextRunner contextRunner = StartUpFailure.contextRunner();

	static Stream<StartUpFailure> failures() {
		return Stream.of(
				StartUpFailure.notServed(RawMessage.class,
						"handler 'RawMessage.on(Page)': '" + SELF + "$Page' has no type arguments.",
						"Declare them, as in 'Page<String>'."),
				StartUpFailure.notServed(TwoPages.class,
						"handler 'TwoPages.second(Page)': Message type 'test/Page' is the name of '" + SELF
								+ "$Page<java.lang.Integer>' and of '" + SELF + "$Page<java.lang.String>'.",
						"Give each type a name of its own."),
				StartUpFailure.notServed(OneNameTwoTypes.class,
						"handler 'OneNameTwoTypes.two(Two)': Message type 'test/Same' is the name of '" + SELF
								+ "$One' and of '" + SELF + "$Two'.",
						"Give each type a name of its own."),
				StartUpFailure.notServed(UnmappedMessage.class,
						"handler 'UnmappedMessage.on(URI)': No mapping for type " + "'java.net.URI'.", UNMAPPED),
				StartUpFailure.notServed(UnmappedResult.class,
						"result of handler 'UnmappedResult.on(int)': No mapping for type 'java.net.URI'.",
						UNMAPPED_RESULT),
				StartUpFailure.notServed(UnmappedStage.class,
						"result of handler 'UnmappedStage.on(int)': No mapping for type 'java.net.URI'.",
						UNMAPPED_RESULT),
				StartUpFailure.notServed(BadMessageType.class,
						"handler 'BadMessageType.on(Nameless)': Type '" + SELF
								+ "$Nameless' is mapped to the message type 'nameless'.",
						"Give it a name of the form '<namespace>/<name>', with both parts non-empty."),
				StartUpFailure.notServed(InheritedMessageType.class,
						"handler 'InheritedMessageType.on(Kind)': Type '" + SELF + "$Kind' has its @MessageType from '"
								+ SELF + "$Marked', which does not distinguish its subtypes.",
						"Put @MessageType on 'Kind' itself, or @JsonTypeInfo on 'Marked'."),
				new StartUpFailure("several mappers", SeveralMappers.class,
						"Bean '" + SELF + "$TakesJson' can't be served as a stateful function: "
								+ "handler 'TakesJson.on(One)': There are several JsonMapper beans, "
								+ "and none of them is the one for messages and states.",
						"Mark one of them with @Qualifier(\"statefun\"), or with @Primary."));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void failureIsExplained(StartUpFailure failure) {
		failure.requireExplanation(this.contextRunner);
	}

	@MessageType("test/Page")
	record Page<T>(List<T> items) {

	}

	@StatefulFunction("test/function")
	static class RawMessage {

		@Handler
		@SuppressWarnings("rawtypes")
		void on(Page page) {
		}

	}

	@StatefulFunction("test/function")
	static class TwoPages {

		@Handler
		void first(Page<Integer> page) {
		}

		@Handler
		void second(Page<String> page) {
		}

	}

	@StatefulFunction("test/function")
	static class OneNameTwoTypes {

		@Handler
		void one(One message) {
		}

		@Handler
		void two(Two message) {
		}

	}

	@StatefulFunction("test/function")
	static class UnmappedMessage {

		@Handler
		void on(URI message) {
		}

	}

	@StatefulFunction("test/function")
	static class UnmappedResult {

		@Handler
		URI on(int message) {
			return URI.create("/");
		}

	}

	@StatefulFunction("test/function")
	static class UnmappedStage {

		@Handler
		CompletionStage<URI> on(int message) {
			return CompletableFuture.completedFuture(URI.create("/"));
		}

	}

	@StatefulFunction("test/function")
	static class BadMessageType {

		@Handler
		void on(Nameless message) {
		}

	}

	@StatefulFunction("test/function")
	static class InheritedMessageType {

		@Handler
		void on(Kind message) {
		}

	}

	@StatefulFunction("test/function")
	static class TakesJson {

		@Handler
		void on(One message) {
		}

	}

	@MessageType("test/Same")
	record One(String text) {

	}

	@MessageType("test/Same")
	record Two(String text) {

	}

	@MessageType("nameless")
	record Nameless(String text) {

	}

	@MessageType("test/Marked")
	interface Marked {

	}

	record Kind(String text) implements Marked {

	}

	@Configuration(proxyBeanMethods = false)
	@Import(TakesJson.class)
	static class SeveralMappers {

		@Bean
		JsonMapper first() {
			return new JsonMapper();
		}

		@Bean
		JsonMapper second() {
			return new JsonMapper();
		}

	}

}
