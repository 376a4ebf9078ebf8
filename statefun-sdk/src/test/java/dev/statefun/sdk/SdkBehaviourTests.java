package dev.statefun.sdk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import com.google.protobuf.Any;
import dev.statefun.sdk.ClusterReply.Delayed;
import dev.statefun.sdk.ClusterReply.Egress;
import dev.statefun.sdk.ClusterReply.Sent;
import dev.statefun.sdk.ClusterReply.StateChange;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.failure.MessageDecodingException;
import dev.statefun.sdk.failure.UnhandledMessageException;
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.handler.RequestRefusedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.message.UnmappedTypeException;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.DuplicateFunctionException;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.FunctionSource;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testwire.example.Admin;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import dev.statefun.testwire.v3.FromFunction.ExpirationSpec;
import dev.statefun.testwire.v3.FromFunction.PersistedValueSpec;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * The official SDKs differ in many corners (the table of protocol.md §9). Every row of it
 * is a test here, which says what this SDK does and why.
 */
class SdkBehaviourTests {

	private static final FunctionSpec COUNTER = FunctionSpec.of(Cluster.FUNCTION).state("count", Count.class);

	@Nested
	class Registration {

		// Java and Go refuse it, Python and JS let the last one win: silence hides
		// mistakes

		@Test
		void aTypeThatIsRegisteredTwiceIsRefusedNamingBoth() {
			StatefulFunctions.Builder builder = StatefulFunctions.builder().register("example/f", new First());
			assertThatExceptionOfType(DuplicateFunctionException.class)
				.isThrownBy(() -> builder.register("example/f", new Second()))
				.satisfies((ex) -> assertThat(ex.type()).hasToString("example/f"))
				.satisfies((ex) -> assertThat(ex.first()).contains("First"))
				.satisfies((ex) -> assertThat(ex.second()).contains("Second"))
				.withMessageContaining(First.class.getName())
				.withMessageContaining(Second.class.getName());
		}

		@Test
		void theFirstRegistrationStaysWhenTheSecondIsRefused() {
			StatefulFunctions.Builder builder = StatefulFunctions.builder().register("example/f", new First());
			assertThatExceptionOfType(DuplicateFunctionException.class)
				.isThrownBy(() -> builder.register("example/f", new Second()));
			assertThat(builder.build().functions()).singleElement()
				.satisfies((function) -> assertThat(function.origin()).contains("First"));
		}

		@ParameterizedTest
		@ValueSource(strings = { "", "/", "f", "/f", "example/", " /f", "example/ " })
		void aTypenameNeedsASlashAndTwoPartsThatAreNotEmpty(String typename) {
			assertThatIllegalArgumentException().isThrownBy(() -> FunctionType.parse(typename))
				.withMessageContaining("'<namespace>/<name>'");
			assertThatIllegalArgumentException().isThrownBy(() -> FunctionSpec.of(typename));
			assertThatIllegalArgumentException()
				.isThrownBy(() -> StatefulFunctions.builder().register(typename, new First()));
		}

		@Test
		void theLastSlashSplitsATypename() {
			assertThat(FunctionType.parse("a/b/c")).isEqualTo(FunctionType.of("a/b", "c"));
			assertThatIllegalArgumentException().isThrownBy(() -> FunctionType.of("a", "b/c"));
		}

		@Test
		@NullUnmarked
		void nullFunctionsAndTypesAreRefused() {
			StatefulFunctions.Builder builder = StatefulFunctions.builder();
			assertThatNullPointerException().isThrownBy(() -> builder.register("example/f", null));
			assertThatNullPointerException().isThrownBy(() -> builder.register((String) null, new First()));
			assertThatNullPointerException()
				.isThrownBy(() -> builder.register(FunctionSpec.of("example/f"), (FunctionHandler) null));
			assertThatNullPointerException()
				.isThrownBy(() -> builder.register(FunctionType.parse("example/f"), (FunctionSource) null));
			assertThatNullPointerException().isThrownBy(() -> new RequestReplyHandler(null));
			assertThatNullPointerException().isThrownBy(() -> new RequestReplyHandler(builder.build()).handle(null));
		}

		@Test
		void functionsAreDescribedInTheOrderOfTheirRegistration() {
			StatefulFunctions functions = StatefulFunctions.builder()
				.register(FunctionSpec.of("z/z").state("count", Count.class, Expiration.afterWrite(Duration.ofDays(1))),
						(context, message) -> {
						})
				.register("a/a", new First())
				.build();
			assertThat(functions.functions()).extracting((function) -> function.type().toString())
				.containsExactly("z/z", "a/a");
			assertThat(functions.functions().get(0).states())
				.containsExactly(new FunctionDescriptor.StateDescriptor("count", "type.googleapis.com/example.Count",
						Count.class, Expiration.afterWrite(Duration.ofDays(1))));
			assertThat(functions.functions().get(1).handlers())
				.containsExactly(new FunctionDescriptor.HandlerDescriptor("type.googleapis.com/example.User",
						User.class, "First.greet(User)"));
		}

	}

	@Nested
	class StateNames {

		// The community verifier uses hyphens, which the official 3.x SDKs refuse and the
		// runtime takes

		@ParameterizedTest
		@ValueSource(strings = { "count", "state-a", "_x", "Größe", "a.b", "1st", "with blank", "batches" })
		void anyNameThatTheRuntimeTakesIsLegal(String name) {
			assertThat(ValueSpec.of(name, Count.class).name()).isEqualTo(name);
		}

		@ParameterizedTest
		@ValueSource(strings = { "batch", "request-state" })
		void namesThatTheRuntimeKeepsForItselfAreRefused(String name) {
			assertThatIllegalArgumentException().isThrownBy(() -> ValueSpec.of(name, Count.class))
				.withMessageContaining("'" + name + "'")
				.withMessageContaining("used by the cluster itself");
		}

		@ParameterizedTest
		@ValueSource(strings = { "", " " })
		void blankNamesAreRefused(String name) {
			assertThatIllegalArgumentException().isThrownBy(() -> ValueSpec.of(name, Count.class));
		}

		@Test
		void aStateThatIsDeclaredTwiceIsRefused() {
			FunctionSpec spec = FunctionSpec.of("example/f").state("count", Count.class);
			assertThatIllegalArgumentException().isThrownBy(() -> spec.state("count", Count.class))
				.withMessage(
						"Function 'example/f' declares state 'count' twice. " + "Give one of the states another name.");
		}

		@ParameterizedTest
		@ValueSource(strings = { "count", "/count", "shop/", "a/b/c", "" })
		void aStateTypeNeedsExactlyOneSlash(String typename) {
			// Anything else fails the job (protocol.md §4.1)
			assertThatIllegalArgumentException().isThrownBy(() -> ValueSpec.of("count", Count.class).typename(typename))
				.withMessageContaining("exactly one '/'");
		}

		@Test
		void aHyphenatedStateWorks() {
			Cluster cluster = Cluster.of(Dialect.V3, FunctionSpec.of(Cluster.FUNCTION).state("state-a", Integer.class),
					(context, message) -> context.state("state-a", Integer.class).set(1));
			assertThat(cluster.call(Cluster.request(Values.user("a")).absent("state-a")).states())
				.containsExactly(new StateChange("state-a", Values.integer(1)));
		}

		@Test
		void aTimeToLiveNeedsAtLeastAMillisecond() {
			// 0 fails the job (protocol.md §13.17)
			ValueSpec<Count> spec = ValueSpec.of("count", Count.class);
			assertThatIllegalArgumentException().isThrownBy(() -> spec.expireAfterWrite(Duration.ZERO));
			assertThatIllegalArgumentException().isThrownBy(() -> spec.expireAfterCall(Duration.ofNanos(999_999)));
			assertThatIllegalArgumentException().isThrownBy(() -> spec.expireAfterCall(Duration.ofMillis(-1)));
			assertThatIllegalArgumentException()
				.isThrownBy(() -> spec.expireAfterWrite(Duration.ofSeconds(Long.MAX_VALUE)));
			assertThat(spec.expireAfterWrite(Duration.ofMillis(1)).expiration().timeToLive())
				.isEqualTo(Duration.ofMillis(1));
		}

	}

	@Nested
	class MissingStateReplies {

		private final FunctionSpec spec = FunctionSpec.of(Cluster.FUNCTION)
			.state("state-c", String.class, Expiration.afterCall(Duration.ofMinutes(5)))
			.state("state-a", Integer.class)
			.state("state-b", Boolean.class, Expiration.afterWrite(Duration.ofDays(1)));

		private final List<Any> handled = new ArrayList<>();

		private final Cluster cluster = Cluster.of(Dialect.V3, this.spec,
				(context, message) -> this.handled.add(message));

		@Test
		void allStatesAreAskedForInTheOrderOfTheirDeclaration() {
			ClusterReply reply = this.cluster.call(Values.user("a"));
			assertThat(reply.missing()).extracting(PersistedValueSpec::getStateName)
				.containsExactly("state-c", "state-a", "state-b");
			assertThat(this.handled).isEmpty();
		}

		@Test
		void onlyTheStatesThatAreMissingAreAskedFor() {
			ClusterReply reply = this.cluster.call(Cluster.request(Values.user("a")).absent("state-a"));
			assertThat(reply.missing()).extracting(PersistedValueSpec::getStateName)
				.containsExactly("state-c", "state-b");
		}

		@Test
		void specsAreWholeMessagesAndHaveNoExpirationUnlessTheStateHasOne() {
			// The community verifier compares them as whole messages (protocol.md §11)
			assertThat(this.cluster.call(Values.user("a")).missing()).containsExactly(
					PersistedValueSpec.newBuilder()
						.setStateName("state-c")
						.setTypeTypename("io.statefun.types/string")
						.setExpirationSpec(ExpirationSpec.newBuilder()
							.setMode(ExpirationSpec.ExpireMode.AFTER_INVOKE)
							.setExpireAfterMillis(300_000))
						.build(),
					PersistedValueSpec.newBuilder()
						.setStateName("state-a")
						.setTypeTypename("io.statefun.types/int")
						.build(),
					PersistedValueSpec.newBuilder()
						.setStateName("state-b")
						.setTypeTypename("io.statefun.types/bool")
						.setExpirationSpec(ExpirationSpec.newBuilder()
							.setMode(ExpirationSpec.ExpireMode.AFTER_WRITE)
							.setExpireAfterMillis(86_400_000))
						.build());
		}

		@Test
		void anAnyStateIsAskedForUnderTheTypeOfAny() {
			Cluster cluster = Cluster.of(Dialect.V3, FunctionSpec.of(Cluster.FUNCTION).state("raw", Any.class),
					(context, message) -> {
					});
			assertThat(cluster.call(Values.user("a")).missing()).singleElement()
				.satisfies((spec) -> assertThat(spec.getTypeTypename())
					.isEqualTo("type.googleapis.com/google.protobuf.Any"));
		}

		@Test
		void aStateIsAskedForUnderItsOwnTypeIfItHasOne() {
			Cluster cluster = Cluster.of(Dialect.V3,
					FunctionSpec.of(Cluster.FUNCTION).state(ValueSpec.of("user", User.class).typename("shop/User")),
					(context, message) -> {
					});
			assertThat(cluster.call(Values.user("a")).missing()).singleElement()
				.satisfies((spec) -> assertThat(spec.getTypeTypename()).isEqualTo("shop/User"));
		}

		@Test
		void aVeryLongTimeToLiveIsWrittenInFull() {
			Cluster cluster = Cluster.of(Dialect.V3,
					FunctionSpec.of(Cluster.FUNCTION)
						.state("s", Integer.class, Expiration.afterWrite(Duration.ofDays(365L * 100_000_000))),
					(context, message) -> {
					});
			assertThat(cluster.call(Values.user("a")).missing()).singleElement()
				.satisfies((spec) -> assertThat(spec.getExpirationSpec().getExpireAfterMillis())
					.isEqualTo(Duration.ofDays(365L * 100_000_000).toMillis()));
		}

		@Test
		void theFunctionRunsWhenAllStatesCame() {
			ClusterReply reply = this.cluster
				.call(Cluster.request(Values.user("a")).absent("state-b").absent("state-a").absent("state-c"));
			assertThat(reply).isEqualTo(ClusterReply.NOTHING);
			assertThat(this.handled).containsExactly(Values.user("a"));
		}

		@Test
		void a2xClusterIsToldWhatItsModuleYamlLacks() {
			assertThat(Cluster.of(Dialect.V2, this.spec, (context, message) -> this.handled.add(message))
				.failure(Cluster.request(Values.user("a")).absent("state-a")))
				.isInstanceOf(RequestRefusedException.class)
				.hasMessageContaining("[state-c, state-b]")
				.hasMessageEndingWith("states:\n  - name: state-c\n  - name: state-b");
			assertThat(this.handled).isEmpty();
		}

	}

	@Nested
	class ExtraStates {

		// All SDKs ignore them on 3.x; the Python SDK of 2.x knows no declaration at all

		@Test
		void statesThatTheFunctionDoesNotDeclareAreIgnoredOn3x() {
			Cluster cluster = Cluster.of(Dialect.V3, COUNTER,
					(context, message) -> context.state("count", Count.class).set(Values.countOf(1)));
			assertThat(cluster
				.call(Cluster.request(Values.user("a")).state("old", Values.text("x")).absent("count").absent("older"))
				.states()).containsExactly(new StateChange("count", Values.count(1)));
		}

		@Test
		void theyCannotBeUsedOn3x() {
			assertThat(Cluster.of(Dialect.V3, (context, message) -> context.state("old"))
				.mistake(Cluster.request(Values.user("a")).state("old", Values.text("x"))))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("has no state 'old'")
				.hasMessageContaining("@Persisted(\"old\")");
		}

		@Test
		void theyAreUsableByNameOn2x() {
			Cluster cluster = Cluster.of(Dialect.V2, (context, message) -> {
				PersistedValue<Any> seen = context.state("seen");
				PersistedValue<Count> count = context.state("count", Count.class);
				assertThat(seen.get()).contains(Values.text("x"));
				assertThat(count.get()).contains(Values.countOf(1));
				count.set(Values.countOf(2));
				seen.remove();
			});
			assertThat(cluster
				.call(Cluster.request(Values.user("a"))
					.state("count", Values.count(1))
					.state("unused", Values.count(1))
					.state("seen", Values.text("x")))
				.states())
				.containsExactlyInAnyOrder(new StateChange("seen", null), new StateChange("count", Values.count(2)));
		}

		@Test
		void aStateThatOnlyModuleYamlDeclaresIsReadInTheSameBatchAsItWasWritten() {
			List<Object> read = new ArrayList<>();
			Cluster cluster = Cluster.of(Dialect.V2, (context, message) -> {
				read.add(context.state("count", Count.class).get());
				context.state("count", Count.class).set(Values.countOf(7));
			});
			cluster.call(Cluster.request(Values.user("a")).message(Values.user("b")).absent("count"));
			assertThat(read).containsExactly(Optional.empty(), Optional.of(Values.countOf(7)));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aStateThatNobodyKnowsIsAnErrorThatSaysHowToDeclareIt(Dialect dialect) {
			Throwable mistake = Cluster.of(dialect, COUNTER, (context, message) -> context.state("cuont", Count.class))
				.mistake(Cluster.request(Values.user("a")).absent("count"));
			assertThat(mistake).isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("Function 'example/function' has no state 'cuont'; declared are [count]")
				.hasMessageContaining(
						(dialect == Dialect.V2) ? "  - name: cuont" : "@Persisted(\"cuont\") PersistedValue<Count>");
		}

	}

	@Nested
	class StateValues {

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aStateOfAnotherTypeIsAnErrorThatNamesBothTypes(Dialect dialect) {
			// Python 2.x gives a default instance, and the old value is lost with the
			// next write
			Cluster cluster = Cluster.of(dialect, COUNTER,
					(context, message) -> context.state("count", Count.class).get());
			assertThat(cluster.mistake(Cluster.request(Values.user("a")).state("count", Values.text("x"))))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("State 'count' of function 'example/function'")
				.hasMessageContaining("'io.statefun.types/string'")
				.hasMessageContaining("'type.googleapis.com/example.Count'");
		}

		@Test
		void writingOverAStateOfAnotherTypeIsAnErrorOn3x() {
			// The runtime would fail the job (protocol.md §4.3)
			Cluster cluster = Cluster.of(Dialect.V3, COUNTER,
					(context, message) -> context.state("count", Count.class).set(Values.countOf(1)));
			assertThat(cluster.mistake(Cluster.request(Values.user("a")).state("count", Values.text("x"))))
				.isInstanceOf(IllegalStateException.class);
		}

		@Test
		void writingOverAStateOfAnotherTypeIsAllowedOn2x() {
			Cluster cluster = Cluster.of(Dialect.V2, COUNTER,
					(context, message) -> context.state("count", Count.class).set(Values.countOf(1)));
			assertThat(cluster.call(Cluster.request(Values.user("a")).state("count", Values.text("x"))).states())
				.containsExactly(new StateChange("count", Values.count(1)));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aStateOfAnotherTypeCanBeRemoved(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, COUNTER,
					(context, message) -> context.state("count", Count.class).remove());
			assertThat(cluster.call(Cluster.request(Values.user("a")).state("count", Values.text("x"))).states())
				.containsExactly(new StateChange("count", null));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aDeclaredStateAskedForAsAnotherTypeIsAnError(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, COUNTER, (context, message) -> context.state("count", User.class));
			assertThat(cluster.mistake(Cluster.request(Values.user("a")).absent("count")))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining(User.class.getName())
				.hasMessageContaining(Count.class.getName());
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aPrimitiveStateIsTheSameUnderItsClassAndItsWrapper(Dialect dialect) {
			FunctionSpec spec = FunctionSpec.of(Cluster.FUNCTION)
				.state("boxed", Integer.class)
				.state("primitive", int.class);
			Cluster cluster = Cluster.of(dialect, spec, (context, message) -> {
				context.state("boxed", int.class).set(1);
				context.state("boxed", Integer.class).set(2);
				context.state("primitive", int.class).set(3);
				context.state("primitive", Integer.class).set(4);
			});
			assertThat(cluster.call(Cluster.request(Values.user("a")).absent("boxed").absent("primitive")).states())
				.containsExactly(new StateChange("boxed", Values.integer(2)),
						new StateChange("primitive", Values.integer(4)));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		@NullUnmarked
		void aStateCannotBeSetToNull(Dialect dialect) {
			// JS takes it for a deletion, Java and Python refuse it: say which one is
			// meant
			Cluster cluster = Cluster.of(dialect, COUNTER,
					(context, message) -> context.state("count", Count.class).set(null));
			assertThat(cluster.mistake(Cluster.request(Values.user("a")).absent("count")))
				.isInstanceOf(NullPointerException.class)
				.hasMessageContaining("use remove()");
		}

		@Test
		void emptyBytesAreAbsentOn2x() {
			// A 2.x cluster cannot tell them apart (protocol.md §4.3)
			Cluster cluster = Cluster.of(Dialect.V2, COUNTER,
					(context, message) -> assertThat(context.state("count").get()).isEmpty());
			assertThat(cluster.call(Cluster.request(Values.user("a")).state("count", Any.getDefaultInstance())))
				.isEqualTo(ClusterReply.NOTHING);
		}

		@Test
		void emptyBytesArePresentOn3x() {
			Cluster cluster = Cluster.of(Dialect.V3, COUNTER, (context,
					message) -> assertThat(context.state("count", Count.class).get()).contains(Values.countOf(0)));
			assertThat(cluster.call(Cluster.request(Values.user("a")).state("count", Values.count(0))))
				.isEqualTo(ClusterReply.NOTHING);
		}

		@Test
		void aStateWithoutHasValueIsAbsentOn3x() {
			// Test clients send this for an absent state (protocol.md §11)
			Cluster cluster = Cluster.of(Dialect.V3, COUNTER,
					(context, message) -> assertThat(context.state("count", Count.class).get()).isEmpty());
			var request = Cluster.request(Values.user("a")).state("count", Values.count(0)).v3().toBuilder();
			request.getInvocationBuilder().getStateBuilder(0).getStateValueBuilder().clearHasValue();
			assertThat(ClusterReply.read(Dialect.V3,
					Cluster.replyOf(cluster.handler().handle(request.build().toByteArray()))))
				.isEqualTo(ClusterReply.NOTHING);
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void stateBytesThatAreNoValueOfTheirTypeFailTheRead(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, COUNTER,
					(context, message) -> context.state("count", Count.class).get());
			Any malformed = Values.count(1).toBuilder().setValue(Values.user("x").getValue().substring(1)).build();
			assertThat(cluster.mistake(Cluster.request(Values.user("a")).state("count", malformed)))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("State 'count' of function 'example/function' can't be read");
		}

	}

	@Nested
	class Arguments {

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aMessageThatNoHandlerTakesIsAnErrorThatListsTheTypesTheFunctionTakes(Dialect dialect) {
			assertThat(Cluster.of(dialect, new First()).mistake(Values.count(1)))
				.isInstanceOf(UnhandledMessageException.class)
				.hasMessageContaining("'example/function'")
				.hasMessageContaining("'type.googleapis.com/example.Count'")
				.hasMessageContaining("[type.googleapis.com/example.User]");
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void anUntypedFunctionTakesEveryMessage(Dialect dialect) {
			List<Any> seen = new ArrayList<>();
			Cluster.of(dialect, (context, message) -> seen.add(message)).call(Values.text("x"));
			assertThat(seen).containsExactly(Values.text("x"));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aMessageThatIsNotWhatItsTypeSaysIsAnError(Dialect dialect) {
			Any malformed = Values.user("x").toBuilder().setValue(Values.user("x").getValue().substring(1)).build();
			assertThat(Cluster.of(dialect, new First()).mistake(malformed)).isInstanceOf(MessageDecodingException.class)
				.hasMessageContaining("'example/function'")
				.hasMessageContaining(User.class.getName());
		}

		@Test
		void anArgumentWithoutAValueFailsItsBatch() {
			// As in the official Java SDK; senders never make one. Beside a message that
			// tells
			// 3.x, as it can't be told from an empty message of 2.x by itself
			List<Any> seen = new ArrayList<>();
			Cluster cluster = Cluster.of(Dialect.V3, (context, message) -> seen.add(message));
			var request = Cluster.request(Values.user("a")).message(Values.user("b")).v3().toBuilder();
			request.getInvocationBuilder().getInvocationsBuilder(1).getArgumentBuilder().clearHasValue().clearValue();
			assertThat(Cluster.failureOf(cluster.handler().handle(request.build().toByteArray())))
				.isInstanceOf(InvocationFailedException.class)
				.hasMessageContaining("message 2 of 2")
				.hasCauseInstanceOf(MessageDecodingException.class);
			assertThat(seen).containsExactly(Values.user("a"));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aMessageWithoutBytesIsADefaultInstance(Dialect dialect) {
			List<Object> seen = new ArrayList<>();
			Cluster.of(dialect, new Collector(seen)).call(Values.of(User.getDefaultInstance()));
			assertThat(seen).containsExactly(User.getDefaultInstance());
		}

		@Test
		void anUnknownFunctionIsRefused() {
			assertThat(Cluster.of(Dialect.V3, new First())
				.failure(ClusterRequest.to("example/other", "1").message(Values.user("a"))))
				.isInstanceOf(RequestRefusedException.class)
				.hasMessageContaining("'example/other'")
				.hasMessageContaining("module.yaml");
		}

		@Test
		void aFunctionIsNotFoundByPartsThatOnlyJoinToItsName() {
			StatefulFunctions functions = StatefulFunctions.builder().register("a/b/c", new First()).build();
			var request = ClusterRequest.to("x/x", "1").message(Values.user("a")).v2().toBuilder();
			request.getInvocationBuilder().getTargetBuilder().setNamespace("a").setType("b/c");
			assertThat(Cluster.failureOf(new RequestReplyHandler(functions).handle(request.build().toByteArray())))
				.isInstanceOf(RequestRefusedException.class);
			assertThat(
					new Cluster(Dialect.V2, functions).call(ClusterRequest.to("a/b/c", "1").message(Values.user("a"))))
				.isEqualTo(ClusterReply.NOTHING);
		}

	}

	@Nested
	class Callers {

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aMessageFromAnIngressHasNoCaller(Dialect dialect) {
			assertThat(callerOf(dialect, Cluster.request(Values.user("a")))).isEmpty();
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aMessageFromAFunctionHasItsAddressAsCaller(Dialect dialect) {
			assertThat(callerOf(dialect, Cluster.request().message(Values.user("a"), Address.of("a/b/c", "ид"))))
				.contains(Address.of(FunctionType.of("a/b", "c"), "ид"));
		}

		@Test
		void threeEmptyPartsMeanNoCaller() {
			// The Python SDK of 2.x sees an address of three empty texts then
			// (protocol.md §13.36)
			var request = Cluster.request(Values.user("a")).v2().toBuilder();
			request.getInvocationBuilder().getInvocationsBuilder(0).getCallerBuilder();
			AtomicReference<Optional<Address>> caller = new AtomicReference<>();
			Cluster cluster = Cluster.of(Dialect.V2, (context, message) -> caller.set(context.caller()));
			Cluster.replyOf(cluster.handler().handle(request.build().toByteArray()));
			assertThat(caller.get()).isEmpty();
		}

		@Test
		void aCallerWithoutAFunctionTypeCanBeRepliedToButNotNamed() {
			// The Java SDK of 3.x refuses the request; but functions inside the cluster
			// may
			// have types of any form, and their messages would be sent again for ever
			var request = Cluster.request(Values.user("a")).v2().toBuilder();
			request.getInvocationBuilder().getInvocationsBuilder(0).getCallerBuilder().setId("1");
			byte[] bytes = request.build().toByteArray();
			Cluster replying = Cluster.of(Dialect.V2, (context, message) -> context.reply(message));
			assertThat(ClusterReply.read(Dialect.V2, Cluster.replyOf(replying.handler().handle(bytes))).messages())
				.containsExactly(new Sent("//1", Values.user("a")));
			Cluster asking = Cluster.of(Dialect.V2, (context, message) -> context.caller());
			assertThat(Cluster.failureOf(asking.handler().handle(bytes))).hasMessageContaining("'example/function'")
				.hasMessageContaining("reply() reaches it: //1");
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aReplyGoesToTheCallerOfItsMessage(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, (context, message) -> context.reply(message));
			assertThat(cluster
				.call(Cluster.request()
					.message(Values.user("a"), Address.of("x/y", "1"))
					.message(Values.user("b"), Address.of("x/y", "")))
				.messages()).containsExactly(new Sent("x/y/1", Values.user("a")), new Sent("x/y/", Values.user("b")));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aReplyWithoutACallerIsAClearError(Dialect dialect) {
			// The Python SDK says "missing id"
			assertThat(Cluster.of(dialect, (context, message) -> context.reply(message)).mistake(Values.user("a")))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("'example/function' can't reply")
				.hasMessageContaining("has no caller");
		}

		private static Optional<Address> callerOf(Dialect dialect, ClusterRequest request) {
			AtomicReference<Optional<Address>> caller = new AtomicReference<>(Optional.empty());
			Cluster.of(dialect, (context, message) -> caller.set(context.caller())).call(request);
			return caller.get();
		}

	}

	@Nested
	class Sending {

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void messagesGoOutByAllThreeFormsOfAnAddress(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, (context, message) -> {
				context.send(Address.of("a/b", "1"), Values.countOf(1));
				context.send(FunctionType.of("a", "c"), "2", 2);
				context.send("a/d/e", "3", Values.of("custom/type", Values.countOf(3)));
			});
			assertThat(cluster.call(Values.user("a")).messages()).containsExactly(new Sent("a/b/1", Values.count(1)),
					new Sent("a/c/2", Values.integer(2)),
					new Sent("a/d/e/3", Values.of("custom/type", Values.countOf(3))));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		@NullUnmarked
		void nullMessagesAndTargetsAreRefused(Dialect dialect) {
			List<FunctionHandler> mistakes = List.of((context, message) -> context.send(Address.of("a/b", "1"), null),
					(context, message) -> context.send((Address) null, message),
					(context, message) -> context.send((String) null, "1", message),
					(context, message) -> context.send("a/b", null, message), (context, message) -> context.reply(null),
					(context, message) -> context.sendAfter(null, "a/b", "1", message),
					(context, message) -> context.sendAfter(Duration.ZERO, "a/b", "1", null),
					(context, message) -> context.sendEgress("a/b", null),
					(context, message) -> context.sendEgress((EgressId) null, message),
					(context, message) -> context.state((String) null),
					(context, message) -> context.cancelDelayed(null));
			ClusterRequest request = Cluster.request().message(Values.user("a"), Cluster.CALLER);
			assertThat(mistakes).allSatisfy((function) -> assertThat(Cluster.of(dialect, function).mistake(request))
				.isInstanceOf(NullPointerException.class)
				.hasMessageContaining("must not be null"));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aTypenameIsCheckedWhenTheMessageIsSent(Dialect dialect) {
			// The Python SDKs check when the reply is built, far from the mistake
			List<FunctionHandler> mistakes = List.of((context, message) -> context.send("b", "1", message),
					(context, message) -> context.sendAfter(Duration.ZERO, "b/", "1", message),
					(context, message) -> context.sendEgress("/b", message));
			assertThat(mistakes)
				.allSatisfy((function) -> assertThat(Cluster.of(dialect, function).mistake(Values.user("a")))
					.isInstanceOf(IllegalArgumentException.class)
					.hasMessageContaining("'<namespace>/<name>'"));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void anEmptyTargetIdIsRefused(Dialect dialect) {
			// Python and JS refuse it, Java and the runtime do not: it is nearly always a
			// mistake
			List<FunctionHandler> mistakes = List.of((context, message) -> context.send("a/b", "", message),
					(context, message) -> context.sendAfter(Duration.ZERO, "a/b", "", message));
			assertThat(mistakes)
				.allSatisfy((function) -> assertThat(Cluster.of(dialect, function).mistake(Values.user("a")))
					.isInstanceOf(IllegalArgumentException.class)
					.hasMessageContaining("needs an id that is not empty"));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void anEmptyIdOfItsOwnIsAccepted(Dialect dialect) {
			AtomicReference<Address> self = new AtomicReference<>();
			Cluster.of(dialect, (context, message) -> self.set(context.self()))
				.call(ClusterRequest.to(Cluster.FUNCTION, "").message(Values.user("a")));
			assertThat(self).hasValue(Address.of(Cluster.FUNCTION, ""));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aMessageOfATypeThatNobodyMapsIsAnErrorThatNamesTheType(Dialect dialect) {
			assertThat(Cluster.of(dialect, (context, message) -> context.send("a/b", "1", Thread.currentThread()))
				.mistake(Values.user("a"))).isInstanceOf(UnmappedTypeException.class)
				.hasMessageContaining(Thread.class.getName());
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aSendThatWasRefusedLeavesNothingBehind(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, (context, message) -> {
				List<Runnable> refused = List.of(() -> context.send("a/b", "\ud800", message),
						() -> context.send("a/\udc00", "1", message), () -> context.send("a/b", "1", "\ud800"),
						() -> context.send("a/b", "", message), () -> context.send("a/b", "1", new Object()),
						() -> context.sendAfter(Duration.ofMillis(-1), "a/b", "1", message),
						() -> context.sendAfter(Duration.ofMillis(1), "a/b", "\ud800", message),
						() -> context.sendEgress("a/\ud800", message), () -> context.sendEgress("a/b", new Object()),
						() -> context.reply(message));
				refused.forEach((call) -> assertThatExceptionOfType(RuntimeException.class).isThrownBy(call::run));
				context.send("a/b", "2", message);
			});
			assertThat(cluster.call(Values.user("a"))).isEqualTo(new ClusterReply(List.of(),
					List.of(new Sent("a/b/2", Values.user("a"))), List.of(), List.of(), List.of()));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void eachKindOfEffectKeepsTheOrderOfTheCallsOverTheWholeBatch(Dialect dialect) {
			FunctionSpec spec = FunctionSpec.of(Cluster.FUNCTION)
				.state("one", Integer.class)
				.state("two", Integer.class);
			Cluster cluster = Cluster.of(dialect, spec, (context, message) -> {
				context.sendEgress("e/1", message);
				context.sendAfter(Duration.ofMillis(5), "d/1", "1", message);
				context.state("two", Integer.class).set(2);
				context.send("m/1", "1", message);
				context.send("m/2", "1", message);
				context.sendAfter(Duration.ofMillis(3), "d/2", "1", message);
				context.state("one", Integer.class).set(1);
				context.sendEgress("e/2", message);
			});
			Any a = Values.user("a");
			Any b = Values.user("b");
			assertThat(cluster.call(Cluster.request(a).message(b).absent("one").absent("two")))
				.isEqualTo(new ClusterReply(
						// In the order of their declaration, as in the Python SDK of 3.x
						List.of(new StateChange("one", Values.integer(1)), new StateChange("two", Values.integer(2))),
						List.of(new Sent("m/1/1", a), new Sent("m/2/1", a), new Sent("m/1/1", b), new Sent("m/2/1", b)),
						List.of(Delayed.of(5, "d/1/1", a), Delayed.of(3, "d/2/1", a), Delayed.of(5, "d/1/1", b),
								Delayed.of(3, "d/2/1", b)),
						List.of(new Egress("e/1", a), new Egress("e/2", a), new Egress("e/1", b), new Egress("e/2", b)),
						List.of()));
		}

	}

	@Nested
	class Delays {

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void zeroIsAllowed(Dialect dialect) {
			// The runtime allows it; the Python SDK of 2.x refuses it by accident
			assertThat(delayed(dialect, Duration.ZERO)).containsExactly(Delayed.of(0, "a/b/1", Values.user("a")));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void whatIsBelowAMillisecondIsCutOff(Dialect dialect) {
			assertThat(delayed(dialect, Duration.ofNanos(999_999)))
				.containsExactly(Delayed.of(0, "a/b/1", Values.user("a")));
			assertThat(delayed(dialect, Duration.ofNanos(1_999_999)))
				.containsExactly(Delayed.of(1, "a/b/1", Values.user("a")));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aLongDelayIsWrittenInFull(Dialect dialect) {
			Duration longest = Duration.ofDays(365L * 100_000_000);
			assertThat(delayed(dialect, longest))
				.containsExactly(Delayed.of(longest.toMillis(), "a/b/1", Values.user("a")));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void negativeDelaysAndThoseThatOverflowAreRefused(Dialect dialect) {
			// Each would fail the job or be due at once (protocol.md §5)
			assertThat(
					List.of(Duration.ofMillis(-1), Duration.ofNanos(-1), Duration
						.ofSeconds(Long.MAX_VALUE), Duration.ofSeconds(Long.MIN_VALUE),
							Duration.ofDays(365L * 100_000_000).plusNanos(1)))
				.allSatisfy((delay) -> assertThat(
						Cluster.of(dialect, (context, message) -> context.sendAfter(delay, "a/b", "1", message))
							.mistake(Values.user("a")))
					.isInstanceOf(IllegalArgumentException.class)
					.hasMessageContaining("'delay' must be between zero and 100 million years"));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void delayedMessagesGoOutByAllThreeFormsOfAnAddress(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, (context, message) -> {
				context.sendAfter(Duration.ofMillis(1), Address.of("a/b", "1"), Values.countOf(1));
				context.sendAfter(Duration.ofMillis(127), FunctionType.of("a", "c"), "2", 2);
				context.sendAfter(Duration.ofMillis(128), "a/d", "3", message);
			});
			assertThat(cluster.call(Values.user("a")).delayed()).containsExactly(
					Delayed.of(1, "a/b/1", Values.count(1)), Delayed.of(127, "a/c/2", Values.integer(2)),
					Delayed.of(128, "a/d/3", Values.user("a")));
		}

		private static List<Delayed> delayed(Dialect dialect, Duration delay) {
			return Cluster.of(dialect, (context, message) -> context.sendAfter(delay, "a/b", "1", message))
				.call(Values.user("a"))
				.delayed();
		}

	}

	@Nested
	class CancellationTokens {

		@Test
		@NullUnmarked
		void anEmptyOrNullTokenIsRefused() {
			// An empty one fails the job (protocol.md §5)
			assertThatIllegalArgumentException().isThrownBy(() -> CancellationToken.of(""));
			assertThatNullPointerException().isThrownBy(() -> CancellationToken.of(null));
			assertThat(
					Cluster
						.of(Dialect.V3,
								(context, message) -> context.sendAfter(Duration.ZERO, Address.of("a/b", "1"), message,
										null))
						.mistake(Values.user("a")))
				.isInstanceOf(NullPointerException.class);
		}

		@Test
		void sendsAndCancellationsKeepTheirOrder() {
			CancellationToken token = CancellationToken.of("k");
			Cluster cluster = Cluster.of(Dialect.V3, (context, message) -> {
				context.sendAfter(Duration.ofSeconds(1), Address.of("a/b", "1"), message, token);
				context.cancelDelayed(token);
				context.sendAfter(Duration.ZERO, Address.of("a/b", "2"), message, token);
			});
			assertThat(cluster.call(Values.user("a")).delayed()).containsExactly(
					new Delayed(1000, "a/b/1", Values.user("a"), "k", false), Delayed.cancellation("k"),
					new Delayed(0, "a/b/2", Values.user("a"), "k", false));
		}

		@Test
		void tokensAreRefusedOn2x() {
			CancellationToken token = CancellationToken.of("k");
			List<FunctionHandler> mistakes = List.of((context, message) -> context.cancelDelayed(token),
					(context, message) -> context.sendAfter(Duration.ZERO, Address.of("a/b", "1"), message, token));
			assertThat(mistakes)
				.allSatisfy((function) -> assertThat(Cluster.of(Dialect.V2, function).mistake(Values.user("a")))
					.isInstanceOf(IllegalStateException.class)
					.hasMessageContaining("generation 2.x"));
		}

		@Test
		void aSendWithATokenThatCannotBeWrittenLeavesNothingBehind() {
			Cluster cluster = Cluster.of(Dialect.V3, (context, message) -> {
				CancellationToken token = CancellationToken.of("\ud800");
				assertThatIllegalArgumentException()
					.isThrownBy(() -> context.sendAfter(Duration.ZERO, Address.of("a/b", "1"), message, token));
				assertThatIllegalArgumentException().isThrownBy(() -> context.cancelDelayed(token));
			});
			assertThat(cluster.call(Values.user("a"))).isEqualTo(ClusterReply.NOTHING);
		}

	}

	@Nested
	class Mutations {

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void theLastWriteWins(Dialect dialect) {
			assertThat(changes(dialect, (count) -> {
				count.set(Values.countOf(2));
				count.set(Values.countOf(3));
			})).containsExactly(new StateChange("count", Values.count(3)));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void removingAfterWritingDeletes(Dialect dialect) {
			assertThat(changes(dialect, (count) -> {
				count.set(Values.countOf(2));
				count.remove();
				assertThat(count.get()).isEmpty();
			})).containsExactly(new StateChange("count", null));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void writingAfterRemovingModifies(Dialect dialect) {
			assertThat(changes(dialect, (count) -> {
				count.remove();
				count.set(Values.countOf(2));
				assertThat(count.get()).contains(Values.countOf(2));
			})).containsExactly(new StateChange("count", Values.count(2)));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void removingAnAbsentStateIsStillReported(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, COUNTER,
					(context, message) -> context.state("count", Count.class).remove());
			assertThat(cluster.call(Cluster.request(Values.user("a")).absent("count")).states())
				.containsExactly(new StateChange("count", null));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void writingAnEqualValueIsStillReported(Dialect dialect) {
			assertThat(changes(dialect, (count) -> count.set(Values.countOf(1))))
				.containsExactly(new StateChange("count", Values.count(1)));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void readingReportsNothing(Dialect dialect) {
			assertThat(changes(dialect, (count) -> assertThat(count.get()).contains(Values.countOf(1)))).isEmpty();
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void laterMessagesReadWhatEarlierOnesWrote(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, COUNTER, (context, message) -> {
				PersistedValue<Count> count = context.state("count", Count.class);
				count.set(Values.countOf(count.get().map(Count::getValue).orElse(0) + 1));
			});
			ClusterRequest request = Cluster.request().absent("count");
			for (int i = 0; i < 10; i++) {
				request.message(Values.user("a"));
			}
			assertThat(cluster.call(request).states()).containsExactly(new StateChange("count", Values.count(10)));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void laterMessagesSeeThatEarlierOnesRemovedTheState(Dialect dialect) {
			List<Optional<Count>> seen = new ArrayList<>();
			Cluster cluster = Cluster.of(dialect, COUNTER, (context, message) -> {
				seen.add(context.state("count", Count.class).get());
				context.state("count", Count.class).remove();
			});
			cluster.call(Cluster.request(Values.user("a")).message(Values.user("b")).state("count", Values.count(1)));
			assertThat(seen).containsExactly(Optional.of(Values.countOf(1)), Optional.empty());
		}

		private static List<StateChange> changes(Dialect dialect, Consumer<PersistedValue<Count>> effect) {
			return Cluster
				.of(dialect, COUNTER, (context, message) -> effect.accept(context.state("count", Count.class)))
				.call(Cluster.request(Values.user("a")).state("count", Values.count(1)))
				.states();
		}

	}

	@Nested
	class Failures {

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void anExceptionFailsTheWholeBatch(Dialect dialect) {
			List<Any> seen = new ArrayList<>();
			Exception cause = new Exception("no stock");
			Cluster cluster = Cluster.of(dialect, COUNTER, (context, message) -> {
				seen.add(message);
				context.send("a/b", "1", message);
				context.state("count", Count.class).set(Values.countOf(1));
				if (seen.size() == 2) {
					throw cause;
				}
			});
			Throwable failure = cluster.failure(Cluster.request(Values.user("a"))
				.message(Values.user("b"))
				.message(Values.user("c"))
				.absent("count"));
			assertThat(failure).isInstanceOf(InvocationFailedException.class)
				.hasCause(cause)
				.hasMessageContaining("Function 'example/function' failed for id 'id-1' on message 2 of 3")
				.hasMessageContaining("of the type 'type.googleapis.com/example.User'")
				.hasMessageContaining("nothing of the batch was applied");
			assertThat(((InvocationFailedException) failure).self())
				.isEqualTo(Address.of(Cluster.FUNCTION, Cluster.ID));
			assertThat(seen).containsExactly(Values.user("a"), Values.user("b"));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void nothingOfAFailedBatchIsSeenByTheNext(Dialect dialect) {
			List<Optional<Count>> seen = new ArrayList<>();
			Cluster cluster = Cluster.of(dialect, COUNTER, (context, message) -> {
				seen.add(context.state("count", Count.class).get());
				context.state("count", Count.class).set(Values.countOf(1));
				context.send("a/b", "1", message);
				if (seen.size() == 1) {
					throw new IllegalStateException("first time");
				}
			});
			ClusterRequest request = Cluster.request(Values.user("a")).absent("count");
			cluster.failure(request);
			assertThat(cluster.call(request))
				.isEqualTo(new ClusterReply(List.of(new StateChange("count", Values.count(1))),
						List.of(new Sent("a/b/1", Values.user("a"))), List.of(), List.of(), List.of()));
			assertThat(seen).containsExactly(Optional.empty(), Optional.empty());
		}

		@Test
		void idsFromTheNetworkAreMadePrintable() {
			Cluster cluster = Cluster.of(Dialect.V3, (context, message) -> {
				throw new IllegalStateException();
			});
			String id = "a\nb\u202e\u2028" + "x".repeat(1000);
			assertThat(cluster.failure(ClusterRequest.to(Cluster.FUNCTION, id).message(Values.user("a"))))
				.hasMessageContaining("'a?b??xxx")
				.hasMessageContaining("… (1005 characters)");
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aContextThatIsUsedTooLateIsAnErrorThatNamesTheFunction(Dialect dialect) {
			AtomicReference<Context> kept = new AtomicReference<>();
			AtomicReference<PersistedValue<Count>> count = new AtomicReference<>();
			Cluster.of(dialect, COUNTER, (context, message) -> {
				kept.set(context);
				count.set(context.state("count", Count.class));
			}).call(Cluster.request().message(Values.user("a"), Cluster.CALLER).absent("count"));
			Context late = kept.get();
			PersistedValue<Count> lateCount = count.get();
			List<Runnable> calls = List.of(() -> late.send("a/b", "1", 1), () -> late.reply(1),
					() -> late.sendAfter(Duration.ZERO, "a/b", "1", 1), () -> late.sendEgress("a/b", 1),
					() -> late.state("count"), lateCount::get, () -> lateCount.set(Values.countOf(1)),
					lateCount::remove);
			assertThat(calls)
				.allSatisfy((call) -> assertThatExceptionOfType(IllegalStateException.class).isThrownBy(call::run)
					.withMessageContaining("'example/function' was used after its invocation had ended"));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aContextOfAnEarlierMessageCannotActForALaterOne(Dialect dialect) {
			List<Context> kept = new ArrayList<>();
			Cluster cluster = Cluster.of(dialect, (context, message) -> {
				kept.forEach((earlier) -> assertThatExceptionOfType(IllegalStateException.class)
					.isThrownBy(() -> earlier.reply(message)));
				kept.add(context);
			});
			assertThat(cluster.call(Cluster.request()
				.message(Values.user("a"), Cluster.CALLER)
				.message(Values.user("b"), Cluster.CALLER))).isEqualTo(ClusterReply.NOTHING);
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aContextIsOfNoMoreUseAfterItsBatchFailed(Dialect dialect) {
			AtomicReference<Context> kept = new AtomicReference<>();
			Cluster.of(dialect, (context, message) -> {
				kept.set(context);
				throw new IllegalStateException();
			}).failure(Values.user("a"));
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> kept.get().send("a/b", "1", 1))
				.withMessageContaining("after its invocation had ended");
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void aMistakeThatTheFunctionCatchesDoesNotFailTheBatch(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, (context, message) -> {
				assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> context.reply(message));
				context.send("a/b", "1", Admin.newBuilder().setName("root").build());
			});
			assertThat(cluster.call(Values.user("a")).messages())
				.containsExactly(new Sent("a/b/1", Values.of(Admin.newBuilder().setName("root").build())));
		}

	}

	static class First {

		@Handler
		void greet(User user) {
		}

	}

	static class Second {

		@Handler
		void greet(User user) {
		}

	}

	/**
	 * Keeps the users it gets.
	 *
	 * @param seen where to keep them
	 */
	record Collector(List<Object> seen) {

		@Handler
		void on(User user) {
			this.seen.add(user);
		}

	}

}
