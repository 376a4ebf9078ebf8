package dev.statefun.sdk.handler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Admin;
import dev.statefun.testwire.example.Count;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for batches that fail and for contexts that are used too late.
 */
class FailedBatchesTests {

	private static final FunctionSpec COUNTER = FunctionSpec.of(Cluster.FUNCTION).state("count", Count.class);

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void exceptionFailsTheWholeBatch(Dialect dialect) {
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
			.absentState("count"));
		assertThat(failure).isInstanceOf(InvocationFailedException.class)
			.hasCause(cause)
			.hasMessageContaining("Function 'example/function' failed for id 'id-1' on message 2 of 3")
			.hasMessageContaining("of the type 'type.googleapis.com/example.User'")
			.hasMessageContaining("nothing of the batch was applied");
		assertThat(((InvocationFailedException) failure).self()).isEqualTo(Address.of(Cluster.FUNCTION, Cluster.ID));
		assertThat(seen).containsExactly(Values.user("a"), Values.user("b"));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void failedBatchHasNoEffectOnTheNext(Dialect dialect) {
		List<Optional<Count>> seen = new ArrayList<>();
		Cluster cluster = Cluster.of(dialect, COUNTER, (context, message) -> {
			seen.add(context.state("count", Count.class).get());
			context.state("count", Count.class).set(Values.countOf(1));
			context.send("a/b", "1", message);
			if (seen.size() == 1) {
				throw new IllegalStateException("first time");
			}
		});
		ClusterRequest request = Cluster.request(Values.user("a")).absentState("count");
		cluster.failure(request);
		assertThat(cluster.call(request)).isEqualTo(new ClusterReply(List.of(new StateChange("count", Values.count(1))),
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
	void errorForALateUseOfAContextNamesTheFunction(Dialect dialect) {
		AtomicReference<Context> kept = new AtomicReference<>();
		AtomicReference<PersistedValue<Count>> count = new AtomicReference<>();
		Cluster.of(dialect, COUNTER, (context, message) -> {
			kept.set(context);
			count.set(context.state("count", Count.class));
		})
			.call(Cluster.request()
				.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a"))
				.absentState("count"));
		Context late = kept.get();
		PersistedValue<Count> lateCount = count.get();
		List<Runnable> calls = List.of(() -> late.send("a/b", "1", 1), () -> late.reply(1),
				() -> late.sendAfter(Duration.ZERO, "a/b", "1", 1), () -> late.sendEgress("a/b", 1),
				() -> late.state("count"), lateCount::get, () -> lateCount.set(Values.countOf(1)), lateCount::remove);
		assertThat(calls)
			.allSatisfy((call) -> assertThatExceptionOfType(IllegalStateException.class).isThrownBy(call::run)
				.withMessageContaining("'example/function' was used after its invocation had ended"));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void contextOfAnEarlierMessageCannotBeUsedForALaterOne(Dialect dialect) {
		List<Context> kept = new ArrayList<>();
		Cluster cluster = Cluster.of(dialect, (context, message) -> {
			kept.forEach((earlier) -> assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> earlier.reply(message)));
			kept.add(context);
		});
		assertThat(cluster.call(Cluster.request()
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a"))
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("b")))).isEqualTo(ClusterReply.NOTHING);
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void contextCannotBeUsedAfterItsBatchFailed(Dialect dialect) {
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
	void mistakeThatTheFunctionCatchesDoesNotFailTheBatch(Dialect dialect) {
		Cluster cluster = Cluster.of(dialect, (context, message) -> {
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> context.reply(message));
			context.send("a/b", "1", Admin.newBuilder().setName("root").build());
		});
		assertThat(cluster.call(Values.user("a")).sent())
			.containsExactly(new Sent("a/b/1", Values.of(Admin.newBuilder().setName("root").build())));
	}

}
