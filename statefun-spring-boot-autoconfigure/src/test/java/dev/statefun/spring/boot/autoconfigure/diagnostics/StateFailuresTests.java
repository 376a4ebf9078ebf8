package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/**
 * Tests for the failure analyses of invalid states.
 */
class StateFailuresTests {

	private static final String SELF = StateFailuresTests.class.getName();

	private static final String NAMED = "Put @Persisted(\"<name>\") on it.";

	private static final String UNMAPPED = "Mark it with @MessageType(\"<namespace>/<name>\"), "
			+ "add a MessageCodec that takes it, or use a protobuf message, boolean, int, long, float, double, "
			+ "String or google.protobuf.Any instead.";

	private static final String MILLISECOND = "Give a time of at least one millisecond.";

	private static final String TIME = "Give a number with a unit (ms, s, m, h or d), or an ISO-8601 duration.";

	private static final String COLLECTION = "Put it into a record marked @MessageType(\"<namespace>/<name>\"); "
			+ "the Spring Boot starter also keeps it as a state that has a type name, "
			+ "@Persisted(type = \"<namespace>/<name>\").";

	private final WebApplicationContextRunner contextRunner = StartUpFailure.contextRunner();

	static Stream<StartUpFailure> failures() {
		return Stream.of(
				StartUpFailure.notServed(UnresolvableState.class,
						"handler 'UnresolvableState.on(int, PersistedValue)': Text '${no.such}' has a "
								+ "placeholder that can't be resolved.",
						"Set the property that it names, or give it a default."),
				StartUpFailure.notServed(UnnamedState.class,
						"handler 'UnnamedState.on(int, PersistedValue)' has a PersistedValue parameter "
								+ "without a name.",
						NAMED),
				StartUpFailure.notServed(BareState.class,
						"handler 'BareState.on(int, Integer)' has a @Persisted parameter of the type "
								+ "'java.lang.Integer'.",
						"Declare it as PersistedValue<Integer>."),
				StartUpFailure.notServed(RawState.class,
						"handler 'RawState.on(int, PersistedValue)' has a @Persisted parameter of the type "
								+ "'dev.statefun.sdk.PersistedValue'.",
						"Declare it as PersistedValue<T> with a type for T."),
				StartUpFailure.notServed(ListState.class,
						"state 'total': No mapping for type 'java.util.List<java.lang.String>'.", COLLECTION),
				StartUpFailure.notServed(UnknownState.class,
						"handler 'UnknownState.on(int, PersistedValue)': state 'total': Java does not know what "
								+ "'?' is.",
						"Declare a type that has no type variables, '?' or arrays of such types in it."),
				StartUpFailure.notServed(ReservedState.class,
						"handler 'ReservedState.on(int, PersistedValue)': State name 'batch' is used by the "
								+ "cluster itself, so the state would fail the job.",
						"Choose another name for the state."),
				StartUpFailure.notServed(BlankState.class,
						"handler 'BlankState.on(int, PersistedValue)': The name of a state is blank.",
						"Give the state a name."),
				StartUpFailure.notServed(ZeroTtl.class,
						"handler 'ZeroTtl.on(int, PersistedValue)': A state can't expire after PT0S.", MILLISECOND),
				StartUpFailure.notServed(NegativeTtl.class,
						"handler 'NegativeTtl.on(int, PersistedValue)': A state can't expire after PT-1S.",
						MILLISECOND),
				StartUpFailure.notServed(UnreadableTtl.class,
						"handler 'UnreadableTtl.on(int, PersistedValue)': 'soon' is no time to live.", TIME),
				StartUpFailure.notServed(TwoTtls.class,
						"handler 'TwoTtls.on(int, PersistedValue)': State 'total' has both 'expireAfterWrite' "
								+ "and 'expireAfterCall'.",
						"Give one of them."),
				StartUpFailure.notServed(BadStateTypename.class,
						"handler 'BadStateTypename.on(int, PersistedValue)': State 'total' has the type 'a/b/c', "
								+ "which would fail the job.",
						"Give its type a name of the form '<namespace>/<name>', with exactly one '/'."),
				StartUpFailure.notServed(TwoStateTypes.class,
						"state 'total' is declared in two ways, as state 'total' of type 'java.lang.Integer' "
								+ "and as state 'total' of type 'java.lang.Long'.",
						"Declare it in the same way everywhere, or give one of the states another name."),
				StartUpFailure.notServed(DefaultName.class,
						"handler 'DefaultName.on(int, PersistedValue)' has a @Persisted parameter without a name.",
						"Give the name, @Persisted(\"<name>\"); only components of records have a default."),
				StartUpFailure.notServed(MixedRecord.class,
						"handler 'MixedRecord.on(int, Mixed)': Record '" + SELF + "$Mixed' declares states, but has "
								+ "other components too: [PersistedValue total, String owner].",
						"Declare every component as PersistedValue; a message has none, and no @Persisted."),
				StartUpFailure.notServed(RawComponent.class,
						"handler 'RawComponent.on(int, Raw)': Component 'total' of record '" + SELF
								+ "$Raw': it is a PersistedValue without a type argument.",
						"Declare it as PersistedValue<T> with a type for T."),
				StartUpFailure.notServed(UnresolvableComponent.class,
						"handler 'UnresolvableComponent.on(int, Unresolvable)': Component 'total' of record '" + SELF
								+ "$Unresolvable': Text '${no.such}' has a placeholder that can't be resolved.",
						"Set the property that it names, or give it a default."),
				StartUpFailure.notServed(AnnotatedRecord.class,
						"handler 'AnnotatedRecord.on(int, Total)' has @Persisted on a parameter of the record '" + SELF
								+ "$Total'.",
						"Put it on the components of the record instead."),
				StartUpFailure.notServed(TwoTimesToLive.class,
						"state 'total' is declared in two ways, as state 'total' of type 'java.lang.Integer' "
								+ "expiring PT720H after call and as state 'total' of type 'java.lang.Integer' "
								+ "expiring PT24H after call.",
						"Declare it in the same way everywhere, or give one of the states another name."),
				StartUpFailure.notServed(UnmappedState.class, "state 'total': No mapping for type 'java.net.URI'.",
						UNMAPPED));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void failureIsExplained(StartUpFailure failure) {
		failure.requireExplanation(this.contextRunner);
	}

	@StatefulFunction("test/function")
	static class UnresolvableState {

		@Handler
		void on(int message, @Persisted("${no.such}") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class UnnamedState {

		@Handler
		void on(int message, PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class BareState {

		@Handler
		void on(int message, @Persisted("total") Integer total) {
		}

	}

	@StatefulFunction("test/function")
	static class RawState {

		@Handler
		@SuppressWarnings("rawtypes")
		void on(int message, @Persisted("total") PersistedValue total) {
		}

	}

	@StatefulFunction("test/function")
	static class UnknownState {

		@Handler
		void on(int number, @Persisted("total") PersistedValue<?> total) {
		}

	}

	@StatefulFunction("test/function")
	static class ListState {

		@Handler
		void on(int message, @Persisted("total") PersistedValue<List<String>> total) {
		}

	}

	@StatefulFunction("test/function")
	static class ReservedState {

		@Handler
		void on(int message, @Persisted("batch") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class BlankState {

		@Handler
		void on(int message, @Persisted(" ") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class ZeroTtl {

		@Handler
		void on(int message, @Persisted(value = "total", expireAfterWrite = "0s") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class NegativeTtl {

		@Handler
		void on(int message, @Persisted(value = "total", expireAfterCall = "PT-1S") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class UnreadableTtl {

		@Handler
		void on(int message, @Persisted(value = "total", expireAfterWrite = "soon") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class TwoTtls {

		@Handler
		void on(int message, @Persisted(value = "total", expireAfterWrite = "1s",
				expireAfterCall = "1s") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class BadStateTypename {

		@Handler
		void on(int message, @Persisted(value = "total", type = "a/b/c") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class UnmappedState {

		@Handler
		void on(int message, @Persisted("total") PersistedValue<URI> total) {
		}

	}

	@StatefulFunction("test/function")
	static class TwoStateTypes {

		@Handler
		void on(int message, @Persisted("total") PersistedValue<Integer> total) {
		}

		@Handler
		void on(long message, @Persisted("total") PersistedValue<Long> total) {
		}

	}

	@StatefulFunction("test/function")
	static class DefaultName {

		@Handler
		void on(int message, @Persisted PersistedValue<Integer> total) {
		}

	}

	record Mixed(PersistedValue<Integer> total, String owner) {

	}

	@StatefulFunction("test/function")
	static class MixedRecord {

		@Handler
		void on(int message, Mixed mixed) {
		}

	}

	@SuppressWarnings("rawtypes")
	record Raw(PersistedValue total) {

	}

	@StatefulFunction("test/function")
	static class RawComponent {

		@Handler
		void on(int message, Raw raw) {
		}

	}

	record Unresolvable(@Persisted(expireAfterCall = "${no.such}") PersistedValue<Integer> total) {

	}

	@StatefulFunction("test/function")
	static class UnresolvableComponent {

		@Handler
		void on(int message, Unresolvable unresolvable) {
		}

	}

	record Total(@Persisted(expireAfterCall = "30d") PersistedValue<Integer> total) {

	}

	@StatefulFunction("test/function")
	static class AnnotatedRecord {

		@Handler
		void on(int message, @Persisted("total") Total total) {
		}

	}

	@StatefulFunction("test/function")
	static class TwoTimesToLive {

		@Handler
		void on(int message, Total record,
				@Persisted(value = "total", expireAfterCall = "1d") PersistedValue<Integer> total) {
		}

	}

}
