package dev.statefun.sdk.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Count;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the state changes that the reply reports.
 */
class StateChangesTests {

	private static final FunctionSpec COUNTER = FunctionSpec.of(Cluster.FUNCTION).state("count", Count.class);

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void lastWriteIsReported(Dialect dialect) {
		assertThat(changes(dialect, (count) -> {
			count.set(Values.countOf(2));
			count.set(Values.countOf(3));
		})).containsExactly(new StateChange("count", Values.count(3)));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void removalAfterAWriteDeletes(Dialect dialect) {
		assertThat(changes(dialect, (count) -> {
			count.set(Values.countOf(2));
			count.remove();
			assertThat(count.get()).isEmpty();
		})).containsExactly(new StateChange("count", null));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void writeAfterARemovalModifies(Dialect dialect) {
		assertThat(changes(dialect, (count) -> {
			count.remove();
			count.set(Values.countOf(2));
			assertThat(count.get()).contains(Values.countOf(2));
		})).containsExactly(new StateChange("count", Values.count(2)));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void removalOfAnAbsentStateIsReported(Dialect dialect) {
		Cluster cluster = Cluster.of(dialect, COUNTER,
				(context, message) -> context.state("count", Count.class).remove());
		assertThat(cluster.call(Cluster.request(Values.user("a")).absentState("count")).stateChanges())
			.containsExactly(new StateChange("count", null));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void writeOfAnEqualValueIsReported(Dialect dialect) {
		assertThat(changes(dialect, (count) -> count.set(Values.countOf(1))))
			.containsExactly(new StateChange("count", Values.count(1)));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void readIsNotReported(Dialect dialect) {
		assertThat(changes(dialect, (count) -> assertThat(count.get()).contains(Values.countOf(1)))).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void laterMessagesReadTheWritesOfEarlierOnes(Dialect dialect) {
		Cluster cluster = Cluster.of(dialect, COUNTER, (context, message) -> {
			PersistedValue<Count> count = context.state("count", Count.class);
			count.set(Values.countOf(count.get().map(Count::getValue).orElse(0) + 1));
		});
		ClusterRequest request = Cluster.request().absentState("count");
		for (int i = 0; i < 10; i++) {
			request.message(Values.user("a"));
		}
		assertThat(cluster.call(request).stateChanges()).containsExactly(new StateChange("count", Values.count(10)));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void laterMessagesSeeTheRemovalByEarlierOnes(Dialect dialect) {
		List<Optional<Count>> seen = new ArrayList<>();
		Cluster cluster = Cluster.of(dialect, COUNTER, (context, message) -> {
			seen.add(context.state("count", Count.class).get());
			context.state("count", Count.class).remove();
		});
		cluster.call(Cluster.request(Values.user("a")).message(Values.user("b")).state("count", Values.count(1)));
		assertThat(seen).containsExactly(Optional.of(Values.countOf(1)), Optional.empty());
	}

	private static List<StateChange> changes(Dialect dialect, Consumer<PersistedValue<Count>> effect) {
		return Cluster.of(dialect, COUNTER, (context, message) -> effect.accept(context.state("count", Count.class)))
			.call(Cluster.request(Values.user("a")).state("count", Values.count(1)))
			.stateChanges();
	}

}
