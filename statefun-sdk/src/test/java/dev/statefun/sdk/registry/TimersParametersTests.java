package dev.statefun.sdk.registry;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Header;
import dev.statefun.sdk.PendingTimers;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.failure.UnhandledMessageException;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link Timers} parameters and the state that they declare.
 */
class TimersParametersTests {

	private static final StateDescriptor TIMERS = new StateDescriptor("statefun_timers", "statefun/timers",
			PendingTimers.class, Expiration.never());

	private static final Duration SECOND = Duration.ofSeconds(1);

	@Test
	void parameterDeclaresTheState() {
		assertThat(AnnotatedFunctions.describe(new Object() {

			@Handler
			void on(int message, Timers timers, @Persisted("count") PersistedValue<Integer> count) {
			}

			@Handler
			void on(String message, @Persisted("text") PersistedValue<String> text, Timers timers) {
			}

		}).states())
			.containsExactlyInAnyOrder(
					new StateDescriptor("count", "io.statefun.types/int", Integer.class, Expiration.never()),
					new StateDescriptor("text", "io.statefun.types/string", String.class, Expiration.never()), TIMERS)
			.endsWith(TIMERS);
	}

	@Test
	void functionWithoutTimersHasNoSuchState() {
		assertThat(AnnotatedFunctions.describe(new Object() {

			@Handler
			void on(int message, Context context) {
			}

		}).states()).isEmpty();
	}

	@Test
	void specDeclaresTheStateOnce() {
		FunctionSpec spec = FunctionSpec.of("example/f").timers().state("count", Integer.class).timers();
		assertThat(spec.hasTimers()).isTrue();
		assertThat(spec.states()).hasSize(1);
		assertThat(StatefulFunctions.builder().register(spec, (context, message) -> {
		}).build().functions()).singleElement()
			.satisfies((function) -> assertThat(function.states()).hasSize(2).endsWith(TIMERS));
	}

	@Test
	void specThatNamesTheStateItselfHasItOnce() {
		FunctionSpec spec = FunctionSpec.of("example/f").state(PendingTimers.STATE).timers();
		assertThat(StatefulFunctions.builder().register(spec, (context, message) -> {
		}).build().functions()).singleElement()
			.satisfies((function) -> assertThat(function.states()).containsExactly(TIMERS));
	}

	@Test
	void typeOfTheMessagesIsReserved() {
		MessageCodec<Random> codec = MessageCodec.of(Random.class, "statefun/timer", (value) -> new byte[0],
				(bytes) -> new Random());
		StatefulFunctions.Builder builder = StatefulFunctions.builder()
			.codecs((type) -> (type == Random.class) ? codec : null)
			.register("example/f", new Object() {

				@Handler
				void on(Random message) {
				}

			});
		assertThatThrownBy(builder::build).isInstanceOf(InvalidFunctionException.class)
			.hasMessageContaining("Message type 'statefun/timer' of 'java.util.Random' is reserved for the messages of "
					+ "named timers");
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void functionThatNoLongerDeclaresTimersSaysSo(Dialect dialect) {
		Cluster cluster = Cluster.of(dialect, new Object() {

			@Handler
			void on(int message) {
			}

		});
		assertThat(cluster.mistake(Values.of("statefun/timer", ByteString.EMPTY)))
			.isInstanceOf(UnhandledMessageException.class)
			.hasMessageEndingWith("A named timer has sent it, but the function declares no timers: keep a parameter of "
					+ "the type Timers until the last timer has fired");
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void timersArePassedBesideAllOtherParameters(Dialect dialect) {
		List<Object> seen = new ArrayList<>();
		Cluster cluster = Cluster.of(dialect, new Object() {

			@Handler
			CompletionStage<Void> on(Timers timers, @Persisted("count") PersistedValue<Integer> count, int message,
					@Header("tenant") String tenant, Context context) {
				timers.start(tenant, SECOND, message);
				count.set(message);
				seen.addAll(Timers.of(context).pending());
				return CompletableFuture.completedFuture(null);
			}

		});
		ClusterReply reply = cluster.call(Cluster.request(Values.withHeader(Values.integer(3), "tenant", "acme"))
			.absentState("count")
			.absentState("statefun_timers"));
		assertThat(seen).containsExactly("acme");
		assertThat(reply.stateChanges()).extracting(StateChange::name).containsExactly("count", "statefun_timers");
	}

	@Test
	void codecsOfTheApplicationDoNotChangeTheState() {
		MessageCodec<Object> any = MessageCodec.of(Object.class, "test/any", (value) -> new byte[0],
				(bytes) -> new Object());
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionSpec.of("example/f").timers(), (context, message) -> {
			})
			.codecs((type) -> any)
			.build();
		assertThat(functions.functions().get(0).states()).containsExactly(TIMERS);
	}

	@Test
	void onlyTheContextOfTheFunctionHasTimers() {
		Context other = (Context) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Context.class },
				(proxy, method, arguments) -> null);
		assertThatIllegalArgumentException().isThrownBy(() -> Timers.of(other))
			.withMessage("'context' is a '" + other.getClass().getName()
					+ "', which has no timers; expected the context that the function received");
	}

}
