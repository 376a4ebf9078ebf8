package dev.statefun.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.local.Effects.Invocation;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for messages that are sent together, by the requests that listeners see.
 */
class TogetherTests {

	private static final Address JOE = Address.of("example/any", "joe");

	private final StatefulFunctions functions = StatefulFunctions.builder()
		.register(FunctionSpec.of("example/any"), (context, message) -> {
		})
		.build();

	private final List<Integer> batches = new ArrayList<>();

	private final List<Invocation> invocations = new ArrayList<>();

	private LocalRuntime.Builder runtime() {
		return LocalRuntime.of(this.functions).manualClock().listener(new LocalRuntimeListener() {

			@Override
			public void replied(Effects effects) {
				TogetherTests.this.batches.add(effects.invocations().size());
				TogetherTests.this.invocations.addAll(effects.invocations());
			}

		});
	}

	@Test
	void messagesSentOneByOneWaitForTheFirst() {
		try (LocalRuntime runtime = runtime().start()) {
			List.of("a", "b", "c").forEach((message) -> runtime.send(JOE, message));
			runtime.runUntilIdle();
		}
		assertThat(this.batches).containsExactly(1, 2);
	}

	@Test
	void messagesSentTogetherAreOneRequest() {
		try (LocalRuntime runtime = runtime().start()) {
			runtime.sendTogether(JOE, List.of("a", "b", "c"));
			runtime.runUntilIdle();
		}
		assertThat(this.batches).containsExactly(3);
	}

	@Test
	void messagesSentTogetherWaitForABusyInstance() {
		try (LocalRuntime runtime = runtime().start()) {
			runtime.send(JOE, "a");
			runtime.sendTogether(JOE, List.of("b", "c"));
			runtime.runUntilIdle();
		}
		assertThat(this.batches).containsExactly(1, 2);
	}

	@Test
	void batchSizeAppliesToMessagesSentTogether() {
		try (LocalRuntime runtime = runtime().batchSize(2).start()) {
			runtime.sendTogether(JOE, List.of("a", "b", "c"));
			runtime.runUntilIdle();
		}
		assertThat(this.batches).containsExactly(2, 1);
	}

	@Test
	void messagesSentTogetherAreAcceptedAllOrNone() {
		try (LocalRuntime runtime = runtime().waitingMessages(2).start()) {
			assertThatExceptionOfType(LimitExceededException.class)
				.isThrownBy(() -> runtime.sendTogether(JOE, List.of("a", "b", "c")))
				.withMessageContaining("waitingMessages");
			runtime.runUntilIdle();
		}
		assertThat(this.batches).isEmpty();
	}

	@Test
	void listenerReceivesTheCallerOfEachMessage() throws Exception {
		Address caller = Address.of("example/door", "front");
		Any text = Any.newBuilder()
			.setTypeUrl("io.statefun.types/string")
			.setValue(ByteString.copyFrom(this.functions.mappings().of(String.class).codec().encode("a")))
			.build();
		try (LocalRuntime runtime = runtime().start()) {
			runtime.sendTogetherFrom(caller, JOE, List.of("a"));
			runtime.send(JOE, "a");
			runtime.runUntilIdle();
		}
		assertThat(this.invocations).containsExactly(new Invocation(Optional.of(caller), text, Headers.empty()),
				new Invocation(Optional.empty(), text, Headers.empty()));
	}

}
