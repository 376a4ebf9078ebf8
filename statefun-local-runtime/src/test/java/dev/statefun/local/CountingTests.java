package dev.statefun.local;

import java.time.Duration;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the path of a message through the runtime, in both dialects.
 */
class CountingTests {

	private static final Address JOE = Address.of("example/count", "joe");

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void counts(Protocol protocol) {
		StatefulFunctions functions = StatefulFunctions.builder().register("example/count", new Counter()).build();
		try (LocalRuntime runtime = LocalRuntime.of(functions).protocol(protocol).manualClock().start()) {
			runtime.send(JOE, "a");
			runtime.send(JOE, "b");
			runtime.send(JOE, "later");
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(3);
			runtime.advance(Duration.ofSeconds(9));
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(3);
			runtime.advance(Duration.ofSeconds(1));
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(4);
		}
	}

	/**
	 * Counts its messages.
	 */
	static final class Counter {

		@Handler
		void on(String text, @Persisted("count") PersistedValue<Integer> count, Context context) {
			count.set(count.get().orElse(0) + 1);
			if (text.equals("later")) {
				context.sendAfter(Duration.ofSeconds(10), context.self(), "now");
			}
		}

	}

}
