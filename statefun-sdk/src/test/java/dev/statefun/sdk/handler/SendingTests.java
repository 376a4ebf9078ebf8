package dev.statefun.sdk.handler;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.CancellationToken;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.TargetAddress;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.message.UnmappedTypeException;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Delayed;
import dev.statefun.testing.ClusterReply.Egress;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for messages and egress records that functions send.
 */
class SendingTests {

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void targetMayHaveAllThreeFormsOfAnAddress(Dialect dialect) {
		Cluster cluster = Cluster.of(dialect, (context, message) -> {
			context.send(Address.of("a/b", "1"), Values.countOf(1));
			context.send(FunctionType.of("a", "c"), "2", 2);
			context.send("a/d/e", "3", Values.of("custom/type", Values.countOf(3)));
		});
		assertThat(cluster.call(Values.user("a")).sent()).containsExactly(new Sent("a/b/1", Values.count(1)),
				new Sent("a/c/2", Values.integer(2)), new Sent("a/d/e/3", Values.of("custom/type", Values.countOf(3))));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void typedTargetIsWrittenLikeAnAddress(Dialect dialect) {
		Target<String> target = Target.of("a/b", String.class);
		Cluster cluster = Cluster.of(dialect, (context, message) -> {
			context.send(target.id("1"), "now");
			context.sendAfter(Duration.ofMillis(5), target.id("2"), "later");
		});
		ClusterReply reply = cluster.call(Values.user("a"));
		assertThat(reply.sent()).containsExactly(new Sent("a/b/1", Values.text("now")));
		assertThat(reply.delayed()).containsExactly(Delayed.of(5, "a/b/2", Values.text("later")));
	}

	@Test
	void messageToATypedTargetCanBeCancelled() {
		Cluster cluster = Cluster.of(Dialect.V3, (context, message) -> context.sendAfter(Duration.ofMillis(5),
				Target.of("a/b", String.class).id("1"), "later", CancellationToken.of("t")));
		assertThat(cluster.call(Values.user("a")).delayed())
			.containsExactly(new Delayed(5, "a/b/1", Values.text("later"), "t", false));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void typedTargetWithAnEmptyIdIsRefusedLikeAnAddress(Dialect dialect) {
		Target<String> target = Target.of("a/b", String.class);
		List<FunctionHandler> mistakes = List.of((context, message) -> context.send(target.id(""), "a"),
				(context, message) -> context.sendAfter(Duration.ZERO, target.id(""), "a"),
				(context, message) -> context.send(Address.of("a/b", ""), "a"));
		assertThat(mistakes)
			.allSatisfy((function) -> assertThat(Cluster.of(dialect, function).mistake(Values.user("a")))
				.isInstanceOf(IllegalArgumentException.class)
				.hasMessage("A message to 'a/b' needs an id that is not empty"));
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
				(context, message) -> context.send((TargetAddress<String>) null, "a"),
				(context, message) -> context.send(Target.of("a/b", String.class).id("1"), null),
				(context, message) -> Target.of("a/b", String.class).id(null),
				(context, message) -> context.state((String) null), (context, message) -> context.cancelDelayed(null));
		ClusterRequest request = Cluster.request()
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a"));
		assertThat(mistakes).allSatisfy((function) -> assertThat(Cluster.of(dialect, function).mistake(request))
			.isInstanceOf(NullPointerException.class)
			.hasMessageContaining("must not be null"));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void typenameIsCheckedWhenTheMessageIsSent(Dialect dialect) {
		// The Python SDKs only check when the reply is built
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
	void targetWithAnEmptyIdIsRefused(Dialect dialect) {
		// Refused by Python and JavaScript, allowed by Java and the runtime; almost
		// always a mistake
		List<FunctionHandler> mistakes = List.of((context, message) -> context.send("a/b", "", message),
				(context, message) -> context.sendAfter(Duration.ZERO, "a/b", "", message));
		assertThat(mistakes)
			.allSatisfy((function) -> assertThat(Cluster.of(dialect, function).mistake(Values.user("a")))
				.isInstanceOf(IllegalArgumentException.class)
				.hasMessageContaining("needs an id that is not empty"));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void functionInstanceMayHaveAnEmptyId(Dialect dialect) {
		AtomicReference<Address> self = new AtomicReference<>();
		Cluster.of(dialect, (context, message) -> self.set(context.self()))
			.call(ClusterRequest.to(Cluster.FUNCTION, "").message(Values.user("a")));
		assertThat(self).hasValue(Address.of(Cluster.FUNCTION, ""));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void errorForATypeWithoutAMappingNamesTheType(Dialect dialect) {
		assertThat(Cluster.of(dialect, (context, message) -> context.send("a/b", "1", Thread.currentThread()))
			.mistake(Values.user("a"))).isInstanceOf(UnmappedTypeException.class)
			.hasMessageContaining(Thread.class.getName());
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void refusedMessageHasNoEffect(Dialect dialect) {
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
	void effectsOfEachKindKeepTheOrderOfTheCalls(Dialect dialect) {
		FunctionSpec spec = FunctionSpec.of(Cluster.FUNCTION).state("one", Integer.class).state("two", Integer.class);
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
		assertThat(cluster.call(Cluster.request(a).message(b).absentState("one").absentState("two")))
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
