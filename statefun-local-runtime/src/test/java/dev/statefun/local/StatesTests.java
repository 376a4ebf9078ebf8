package dev.statefun.local;

import java.util.List;
import java.util.Optional;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testwire.v3.FromFunction.PersistedValueMutation;
import dev.statefun.testwire.v3.ToFunction.InvocationBatchRequest;
import dev.statefun.testwire.v3.ToFunction.PersistedValue.Builder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for states: how they are registered, sent to functions, and changed (protocol.md
 * §4).
 */
class StatesTests {

	private static final Address JOE = Address.of("test/raw", "joe");

	private final ScriptedFunction function = new ScriptedFunction();

	@Test
	void firstRequestCarriesNoStatesAndTheNextAllThatTheFunctionNamed() {
		this.function.asksFor(ScriptedFunction.spec("count", "test/count"), ScriptedFunction.spec("name", ""));
		try (LocalRuntime runtime = this.function.host().start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			runtime.runUntilIdle();
			assertThat(this.function.batches()).containsExactly(List.of("a"), List.of("a"));
			assertThat(this.function.requests.get(0).getStateList()).isEmpty();
			assertThat(this.function.requests.get(1).getStateList()).containsExactly(absent("count").build(),
					absent("name").build());
		}
	}

	@Test
	void statesAreNamedOnceForAllInstances() {
		this.function.asksFor(ScriptedFunction.spec("count", "test/count"));
		try (LocalRuntime runtime = this.function.host().start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			runtime.runUntilIdle();
			runtime.send(ScriptedFunction.TWO, ScriptedFunction.text("b"));
			runtime.runUntilIdle();
			assertThat(this.function.requests.get(2).getStateList()).containsExactly(absent("count").build());
		}
	}

	@Test
	void emptyValueIsAValueOn3x() {
		this.function.asksFor(ScriptedFunction.spec("count", "test/count"))
			.answers((reply) -> reply
				.addStateMutations(ScriptedFunction.modify("count", ScriptedFunction.value("test/count", ""))));
		try (LocalRuntime runtime = this.function.host().start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("b"));
			runtime.runUntilIdle();
			assertThat(lastRequest().getState(0))
				.isEqualTo(absent("count").setStateValue(ScriptedFunction.value("test/count", "")).build());
			assertThat(runtime.state(ScriptedFunction.ONE, "count"))
				.contains(Any.newBuilder().setTypeUrl("test/count").build());
		}
	}

	@Test
	void lastChangeOfAStateWinsAndDeletionIsTheDefault() {
		this.function.asksFor(ScriptedFunction.spec("count", "test/count"), ScriptedFunction.spec("name", "test/name"))
			.answers((reply) -> reply.addStateMutations(set("count", "1"))
				.addStateMutations(set("count", "2"))
				.addStateMutations(ScriptedFunction.modify("name", ScriptedFunction.value("test/name", "n")))
				.addStateMutations(PersistedValueMutation.newBuilder().setStateName("name")));
		try (LocalRuntime runtime = this.function.host().start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			runtime.runUntilIdle();
			assertThat(runtime.states(ScriptedFunction.ONE)).containsOnlyKeys("count");
			assertThat(runtime.state(ScriptedFunction.ONE, "count").map(Any::getValue))
				.contains(ByteString.copyFromUtf8("2"));
		}
	}

	@Test
	void modificationWithoutHasValueStoresAValue() {
		this.function.asksFor(ScriptedFunction.spec("count", "test/count"))
			.answers((reply) -> reply.addStateMutations(ScriptedFunction.modify("count",
					ScriptedFunction.value("test/count", "").toBuilder().setHasValue(false).build())));
		try (LocalRuntime runtime = this.function.host().start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			runtime.runUntilIdle();
			assertThat(runtime.states(ScriptedFunction.ONE)).containsOnlyKeys("count");
		}
	}

	@Test
	void emptyValueMeansNoValueOn2x() {
		dev.statefun.testwire.v2.FromFunction reply = dev.statefun.testwire.v2.FromFunction.newBuilder()
			.setInvocationResult(dev.statefun.testwire.v2.FromFunction.InvocationResponse.newBuilder()
				.addStateMutations(dev.statefun.testwire.v2.FromFunction.PersistedValueMutation.newBuilder()
					.setMutationTypeValue(1)
					.setStateName("raw")))
			.build();
		this.function.answers(reply);
		FunctionSpec spec = FunctionSpec.of(ScriptedFunction.TYPE).state("raw", Any.class);
		try (LocalRuntime runtime = LocalRuntime.builder()
			.function(spec, this.function)
			.protocol(Protocol.V2)
			.manualClock()
			.start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("b"));
			runtime.runUntilIdle();
			assertThat(this.function.requests.get(0).getStateList()).containsExactly(absent("raw").build());
			assertThat(this.function.requests.get(1).getStateList()).containsExactly(absent("raw").build());
			assertThat(runtime.state(ScriptedFunction.ONE, "raw")).isEmpty();
		}
	}

	@Test
	void functionThatAsksA2xClusterForStatesWouldLoseTheBatch() {
		this.function.asksFor(ScriptedFunction.spec("count", "test/count"));
		try (LocalRuntime runtime = this.function.host().protocol(Protocol.V2).start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			assertThatExceptionOfType(JobFailedException.class).isThrownBy(runtime::runUntilIdle)
				.withMessageContaining("a 2.x cluster takes for a reply without effects: the batch would be lost");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void presetStateIsPresentForTheFirstMessage(Protocol protocol) {
		try (LocalRuntime runtime = raws().protocol(protocol).start()) {
			Any given = ScriptedFunction.text("given");
			runtime.setState(JOE, "raw", given);
			runtime.setState(JOE, "count", 41);
			runtime.setState(JOE, "zero", 0);
			runtime.send(JOE, "go");
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(42);
			assertThat(runtime.state(JOE, "raw", Any.class)).contains(given);
			assertThat(runtime.state(JOE, "zero", Integer.class)).contains(0);
			assertThat(runtime.states(JOE)).containsOnlyKeys("raw", "count", "zero");
			assertThat(runtime.state(Address.of("test/raw", "ann"), "count", Integer.class)).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void onlyDeclaredStatesCanBeReadAndSet(Protocol protocol) {
		try (LocalRuntime runtime = raws().protocol(protocol).start()) {
			assertThatIllegalArgumentException().isThrownBy(() -> runtime.state(JOE, "cuont"))
				.withMessage("Function 'test/raw' declares no state 'cuont'; it declares [raw, count, zero]");
			assertThatIllegalArgumentException().isThrownBy(() -> runtime.setState(JOE, "cuont", 1))
				.withMessage("Function 'test/raw' declares no state 'cuont'; it declares [raw, count, zero]");
			assertThatIllegalArgumentException().isThrownBy(() -> runtime.setState(JOE, "count", "one"))
				.withMessage("State 'count' of 'test/raw/joe' is of the type 'io.statefun.types/int'; a value of the "
						+ "type 'io.statefun.types/string' can't be its value");
			runtime.setState(JOE, "count", 1);
			assertThatIllegalArgumentException().isThrownBy(() -> runtime.state(JOE, "count", String.class))
				.withMessage("State 'count' of 'test/raw/joe' is of the type 'io.statefun.types/int'; "
						+ "'java.lang.String' is mapped to 'io.statefun.types/string'");
			runtime.send(JOE, "go");
			assertThatIllegalStateException().isThrownBy(() -> runtime.setState(JOE, "count", 2))
				.withMessage("State 'count' of 'test/raw/joe' can't be set while messages are waiting for it; set it "
						+ "first");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void stateWithItsOwnTypeNameIsSetAndReadByItsJavaType(Protocol protocol) {
		FunctionSpec spec = FunctionSpec.of("test/renamed")
			.state(ValueSpec.of("count", Integer.class).typename("shop/Count"));
		StatefulFunctions functions = StatefulFunctions.builder().register(spec, (context, message) -> {
			PersistedValue<Integer> count = context.state("count", Integer.class);
			count.set(count.get().orElse(0) + 1);
		}).build();
		Address self = Address.of("test/renamed", "joe");
		try (LocalRuntime runtime = LocalRuntime.of(functions).protocol(protocol).manualClock().start()) {
			runtime.setState(self, "count", 41);
			runtime.send(self, "go");
			runtime.runUntilIdle();
			assertThat(runtime.state(self, "count", int.class)).contains(42);
			assertThat(runtime.state(self, "count").map(Any::getTypeUrl)).contains("shop/Count");
			assertThatIllegalArgumentException().isThrownBy(() -> runtime.setState(self, "count", 1L))
				.withMessage("State 'count' of 'test/renamed/joe' is of the type 'shop/Count'; a value of the type "
						+ "'io.statefun.types/long' can't be its value");
		}
	}

	private static LocalRuntime.Builder raws() {
		return LocalRuntime.of(StatefulFunctions.builder().register("test/raw", new Raw()).build()).manualClock();
	}

	private InvocationBatchRequest lastRequest() {
		return this.function.requests.get(this.function.requests.size() - 1);
	}

	private static PersistedValueMutation set(String state, String value) {
		return ScriptedFunction.modify(state, ScriptedFunction.value("test/" + state, value));
	}

	private static Builder absent(String name) {
		return dev.statefun.testwire.v3.ToFunction.PersistedValue.newBuilder().setStateName(name);
	}

	/**
	 * A function with three states, one of them raw.
	 */
	static final class Raw {

		@Handler
		void on(String text, @Persisted("raw") PersistedValue<Any> raw,
				@Persisted("count") PersistedValue<Integer> count, @Persisted("zero") PersistedValue<Integer> zero) {
			Optional<Any> before = raw.get();
			before.ifPresent(raw::set);
			count.set(count.get().orElse(0) + 1);
			zero.get().ifPresent(zero::set);
		}

	}

}
