package dev.statefun.sdk.handler;

import com.google.protobuf.Any;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for stored states of other types, empty states, and states that can't be read.
 */
class StateValuesTests {

	private static final FunctionSpec COUNTER = FunctionSpec.of(Cluster.FUNCTION).state("count", Count.class);

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void errorForAStateOfAnotherTypeNamesBothTypes(Dialect dialect) {
		// Python 2.x returns a default instance; the next write then loses the value
		Cluster cluster = Cluster.of(dialect, COUNTER, (context, message) -> context.state("count", Count.class).get());
		assertThat(cluster.mistake(Cluster.request(Values.user("a")).state("count", Values.text("x"))))
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("State 'count' of function 'example/function'")
			.hasMessageContaining("'io.statefun.types/string'")
			.hasMessageContaining("'type.googleapis.com/example.Count'");
	}

	@Test
	void stateOfAnotherTypeCannotBeReplacedOn3x() {
		// The runtime would fail the job (protocol.md §4.3)
		Cluster cluster = Cluster.of(Dialect.V3, COUNTER,
				(context, message) -> context.state("count", Count.class).set(Values.countOf(1)));
		assertThat(cluster.mistake(Cluster.request(Values.user("a")).state("count", Values.text("x"))))
			.isInstanceOf(IllegalStateException.class);
	}

	@Test
	void stateOfAnotherTypeCanBeReplacedOn2x() {
		Cluster cluster = Cluster.of(Dialect.V2, COUNTER,
				(context, message) -> context.state("count", Count.class).set(Values.countOf(1)));
		assertThat(cluster.call(Cluster.request(Values.user("a")).state("count", Values.text("x"))).stateChanges())
			.containsExactly(new StateChange("count", Values.count(1)));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void stateOfAnotherTypeCanBeRemoved(Dialect dialect) {
		Cluster cluster = Cluster.of(dialect, COUNTER,
				(context, message) -> context.state("count", Count.class).remove());
		assertThat(cluster.call(Cluster.request(Values.user("a")).state("count", Values.text("x"))).stateChanges())
			.containsExactly(new StateChange("count", null));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void stateCannotBeAccessedAsAnotherTypeThanItsDeclaredOne(Dialect dialect) {
		Cluster cluster = Cluster.of(dialect, COUNTER, (context, message) -> context.state("count", User.class));
		assertThat(cluster.mistake(Cluster.request(Values.user("a")).absentState("count")))
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining(User.class.getName())
			.hasMessageContaining(Count.class.getName());
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void primitiveStateCanBeAccessedByClassAndWrapper(Dialect dialect) {
		FunctionSpec spec = FunctionSpec.of(Cluster.FUNCTION)
			.state("boxed", Integer.class)
			.state("primitive", int.class);
		Cluster cluster = Cluster.of(dialect, spec, (context, message) -> {
			context.state("boxed", int.class).set(1);
			context.state("boxed", Integer.class).set(2);
			context.state("primitive", int.class).set(3);
			context.state("primitive", Integer.class).set(4);
		});
		assertThat(cluster.call(Cluster.request(Values.user("a")).absentState("boxed").absentState("primitive"))
			.stateChanges()).containsExactly(new StateChange("boxed", Values.integer(2)),
					new StateChange("primitive", Values.integer(4)));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	@NullUnmarked
	void stateCannotBeSetToNull(Dialect dialect) {
		// A deletion in JavaScript, an error in Java and Python
		Cluster cluster = Cluster.of(dialect, COUNTER,
				(context, message) -> context.state("count", Count.class).set(null));
		assertThat(cluster.mistake(Cluster.request(Values.user("a")).absentState("count")))
			.isInstanceOf(NullPointerException.class)
			.hasMessageContaining("use remove()");
	}

	@Test
	void emptyBytesAreAbsentOn2x() {
		// A 2.x cluster can't distinguish them (protocol.md §4.3)
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
	void stateWithoutHasValueIsAbsentOn3x() {
		// Test clients send this for an absent state (protocol.md §11)
		Cluster cluster = Cluster.of(Dialect.V3, COUNTER,
				(context, message) -> assertThat(context.state("count", Count.class).get()).isEmpty());
		var request = Cluster.request(Values.user("a")).state("count", Values.count(0)).toV3().toBuilder();
		request.getInvocationBuilder().getStateBuilder(0).getStateValueBuilder().clearHasValue();
		assertThat(ClusterReply.v3(Cluster.replyOf(cluster.handler().handle(request.build().toByteArray()))))
			.isEqualTo(ClusterReply.NOTHING);
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void bytesThatAreNoValueOfTheirTypeFailTheRead(Dialect dialect) {
		Cluster cluster = Cluster.of(dialect, COUNTER, (context, message) -> context.state("count", Count.class).get());
		Any malformed = Values.count(1).toBuilder().setValue(Values.user("x").getValue().substring(1)).build();
		assertThat(cluster.mistake(Cluster.request(Values.user("a")).state("count", malformed)))
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("State 'count' of function 'example/function' can't be read");
	}

}
