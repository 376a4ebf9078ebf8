package dev.statefun.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import com.google.protobuf.Any;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.DuplicateFunctionException;
import dev.statefun.sdk.registry.FunctionSource;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for mistakes that are errors here, but are ignored by the official SDKs or
 * reported without their place.
 */
class UpstreamMistakesTests {

	private static final FunctionSpec COUNTER = FunctionSpec.of(Cluster.FUNCTION).state("count", Count.class);

	private static final Any STRAY = Values.text("x");

	private static void assertNamesAll(Throwable mistake) {
		assertThat(mistake).isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("State 'count' of function 'example/function'")
			.hasMessageContaining("of the type 'io.statefun.types/string'")
			.hasMessageContaining("expected 'type.googleapis.com/example.Count'");
	}

	@Nested
	class StatesThatProductionRejects {

		// The test context of the official Java SDK accepts any state of any type

		@Test
		void thereIsOneContextAndOneThatAddsHeaders() {
			List<String> contexts = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
				.importPackages("dev.statefun")
				.stream()
				.filter((type) -> !type.isInterface() && type.isAssignableTo(Context.class))
				.map(JavaClass::getSimpleName)
				.toList();
			assertThat(contexts).containsExactlyInAnyOrder("InvocationContext", "ContextWithHeaders");
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void undeclaredStateIsAnErrorInAnAnnotatedFunction(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, new Object() {

				@Handler
				void on(Context context, User message, @Persisted("count") PersistedValue<Count> count) {
					context.state("cuont", Count.class).set(Values.countOf(1));
				}

			});
			assertThat(cluster.mistake(Cluster.request(Values.user("a")).absentState("count")))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("Function 'example/function' has no state 'cuont'; declared are [count]");
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void stateOfAnotherTypeIsAnErrorInAnAnnotatedFunction(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, new Object() {

				@Handler
				void on(User message, @Persisted("count") PersistedValue<Count> count) {
					count.get();
				}

			});
			assertNamesAll(cluster.mistake(Cluster.request(Values.user("a")).state("count", STRAY)));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void rawFormOfAStateOfAnotherTypeIsAnErrorToo(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, COUNTER, (context, message) -> context.state("count").get());
			assertNamesAll(cluster.mistake(Cluster.request(Values.user("a")).state("count", STRAY)));
		}

		@Test
		void errorForAWriteOverAnotherTypeNamesFunctionStateAndBothTypesOn3x() {
			List<FunctionHandler> writes = List.of(
					(context, message) -> context.state("count", Count.class).set(Values.countOf(1)),
					(context, message) -> context.state("count").set(Values.count(1)));
			assertThat(writes).allSatisfy((write) -> assertNamesAll(Cluster.of(Dialect.V3, COUNTER, write)
				.mistake(Cluster.request(Values.user("a")).state("count", STRAY))));
		}

		@Test
		void refusedWriteDoesNotReachTheCluster() {
			Cluster cluster = Cluster.of(Dialect.V3, COUNTER, (context, message) -> assertThatIllegalStateException()
				.isThrownBy(() -> context.state("count", Count.class).set(Values.countOf(1))));
			assertThat(cluster.call(Cluster.request(Values.user("a")).state("count", STRAY)))
				.isEqualTo(ClusterReply.NOTHING);
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void errorForANumberOfAnotherSizeNamesBothTypes(Dialect dialect) {
			// "Not an IntWrapper" in the official Java SDK
			Cluster cluster = Cluster.of(dialect, FunctionSpec.of(Cluster.FUNCTION).state("count", Integer.class),
					(context, message) -> context.state("count", Integer.class).get());
			assertThat(cluster.mistake(Cluster.request(Values.user("a")).state("count", Values.longInteger(1))))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("State 'count' of function 'example/function'")
				.hasMessageContaining("'io.statefun.types/long'")
				.hasMessageContaining("expected 'io.statefun.types/int'");
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void errorForBytesThatAreNoPrimitiveNamesFunctionStateAndType(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, FunctionSpec.of(Cluster.FUNCTION).state("count", Integer.class),
					(context, message) -> context.state("count", Integer.class).get());
			Any malformed = Values.of("io.statefun.types/int", Values.longInteger(1).getValue());
			assertThat(cluster.mistake(Cluster.request(Values.user("a")).state("count", malformed)))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("State 'count' of function 'example/function' can't be read")
				.hasMessageContaining("'io.statefun.types/int'");
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void errorForAStateAccessedAsAnotherTypeNamesFunctionStateAndBothTypes(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, COUNTER, (context, message) -> context.state("count", User.class));
			assertThat(cluster.mistake(Cluster.request(Values.user("a")).absentState("count")))
				.hasMessageContaining("State 'count' of function 'example/function'")
				.hasMessageContaining("asked for as a '" + User.class.getName() + "'")
				.hasMessageContaining("declared as a '" + Count.class.getName() + "'");
		}

	}

	@Nested
	class BlankReads {

		// The Python SDK of 2.x unpacks a value of another type to a blank message

		@Test
		void undeclaredStateIsNotReadAsAnotherType() {
			Cluster cluster = Cluster.of(Dialect.V2, (context, message) -> context.state("count", Count.class).get());
			assertNamesAll(cluster.mistake(Cluster.request(Values.user("a")).state("count", STRAY)));
		}

		@Test
		void undeclaredStateIsNotReadAsAnotherTypeAfterAWrite() {
			List<Optional<Count>> seen = new ArrayList<>();
			Cluster cluster = Cluster.of(Dialect.V2, (context, message) -> {
				context.state("count", String.class).set("x");
				seen.add(context.state("count", Count.class).get());
			});
			assertNamesAll(cluster.mistake(Cluster.request(Values.user("a")).state("count", Values.count(1))));
			assertThat(seen).isEmpty();
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void blankValueOfAnotherTypeIsNotReadAsABlankValue(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, COUNTER,
					(context, message) -> context.state("count", Count.class).get());
			assertThat(cluster
				.mistake(Cluster.request(Values.user("a")).state("count", Values.of(User.getDefaultInstance()))))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("'type.googleapis.com/example.User'");
		}

		@Test
		void failedReadDoesNotLoseTheValueOfAnotherType() {
			Cluster cluster = Cluster.of(Dialect.V2, COUNTER, (context, message) -> assertThatIllegalStateException()
				.isThrownBy(() -> context.state("count", Count.class).get()));
			assertThat(cluster.call(Cluster.request(Values.user("a")).state("count", STRAY)))
				.isEqualTo(ClusterReply.NOTHING);
		}

	}

	@Nested
	class Registrations {

		// In the Python SDK of 2.x the last registration wins silently

		@Test
		void typeIsRegisteredOnceWhateverTheFormOfTheFunction() {
			FunctionHandler handler = (context, message) -> {
			};
			StatefulFunctions.Builder functions = StatefulFunctions.builder()
				.register(Cluster.FUNCTION, new Slow(new CompletableFuture<>()))
				.register(FunctionSpec.of("example/other"), handler);
			List<Runnable> seconds = List.of(() -> functions.register(COUNTER, handler),
					() -> functions.register(Cluster.FUNCTION, handler),
					() -> functions.register(FunctionType.of("example", "function"), FunctionSource.of(handler)),
					() -> functions.register("example/other", new Slow(new CompletableFuture<>())),
					() -> functions.register("example/other", handler));
			assertThat(seconds).allSatisfy(
					(second) -> assertThatExceptionOfType(DuplicateFunctionException.class).isThrownBy(second::run));
			assertThat(functions.build().functions()).hasSize(2);
		}

	}

	@Nested
	class Stages {

		// The Python SDK of 2.x never runs an async function on its sync handler

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void effectsOfAStageAreInTheReply(Dialect dialect) {
			CompletableFuture<Integer> pending = new CompletableFuture<>();
			CompletionStage<byte[]> reply = Cluster.of(dialect, new Slow(pending))
				.send(Cluster.request()
					.absentState("count")
					.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a")));
			assertThat(reply.toCompletableFuture()).isNotDone();
			pending.complete(7);
			assertThat(ClusterReply.of(dialect == Dialect.V3, Cluster.replyOf(reply)))
				.isEqualTo(new ClusterReply(List.of(new StateChange("count", Values.count(7))),
						List.of(new Sent("example/caller/c-1", Values.count(7))), List.of(), List.of(), List.of()));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void errorForAStageWithAValueNamesTheMissingCaller(Dialect dialect) {
			// "missing id" in the Python SDK
			assertThat(Cluster.of(dialect, new Slow(CompletableFuture.completedFuture(7)))
				.mistake(Cluster.request(Values.user("a")).absentState("count")))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("Function 'example/function' can't reply")
				.hasMessageContaining("has no caller");
		}

	}

	/**
	 * Returns after a delay.
	 *
	 * @param pending completes after the delay
	 */
	record Slow(CompletableFuture<Integer> pending) {

		@Handler
		CompletionStage<Count> on(User user, @Persisted("count") PersistedValue<Count> count) {
			return this.pending.thenApply((value) -> {
				Count result = Values.countOf(value);
				count.set(result);
				return result;
			});
		}

	}

}
