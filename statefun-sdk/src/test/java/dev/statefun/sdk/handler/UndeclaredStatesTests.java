package dev.statefun.sdk.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.google.protobuf.Any;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Count;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for states that a request has but the function does not declare. They are ignored
 * on 3.x, as in all SDKs, and can be used on 2.x, where the Python SDK has no
 * declarations.
 */
class UndeclaredStatesTests {

	private static final FunctionSpec COUNTER = FunctionSpec.of(Cluster.FUNCTION).state("count", Count.class);

	@Test
	void undeclaredStatesAreIgnoredOn3x() {
		Cluster cluster = Cluster.of(Dialect.V3, COUNTER,
				(context, message) -> context.state("count", Count.class).set(Values.countOf(1)));
		assertThat(cluster
			.call(Cluster.request(Values.user("a"))
				.state("old", Values.text("x"))
				.absentState("count")
				.absentState("older"))
			.stateChanges()).containsExactly(new StateChange("count", Values.count(1)));
	}

	@Test
	void undeclaredStatesCannotBeUsedOn3x() {
		assertThat(Cluster.of(Dialect.V3, (context, message) -> context.state("old"))
			.mistake(Cluster.request(Values.user("a")).state("old", Values.text("x"))))
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("has no state 'old'")
			.hasMessageContaining("@Persisted(\"old\")");
	}

	@Test
	void undeclaredStatesCanBeUsedByNameOn2x() {
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
			.stateChanges())
			.containsExactlyInAnyOrder(new StateChange("seen", null), new StateChange("count", Values.count(2)));
	}

	@Test
	void laterMessagesReadTheUndeclaredStateThatEarlierOnesWrote() {
		List<Object> read = new ArrayList<>();
		Cluster cluster = Cluster.of(Dialect.V2, (context, message) -> {
			read.add(context.state("count", Count.class).get());
			context.state("count", Count.class).set(Values.countOf(7));
		});
		cluster.call(Cluster.request(Values.user("a")).message(Values.user("b")).absentState("count"));
		assertThat(read).containsExactly(Optional.empty(), Optional.of(Values.countOf(7)));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void errorForAnUnknownStateExplainsHowToDeclareIt(Dialect dialect) {
		Throwable mistake = Cluster.of(dialect, COUNTER, (context, message) -> context.state("cuont", Count.class))
			.mistake(Cluster.request(Values.user("a")).absentState("count"));
		assertThat(mistake).isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("Function 'example/function' has no state 'cuont'; declared are [count]")
			.hasMessageContaining(
					(dialect == Dialect.V2) ? "  - name: cuont" : "@Persisted(\"cuont\") PersistedValue<Count>");
	}

}
