package dev.statefun.local;

import java.time.Duration;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the expiration of states, by the runtime's clock (protocol.md §4.1).
 */
class ExpirationTests {

	private static final Address JOE = Address.of("test/expiring", "joe");

	private static final Address ANN = Address.of("test/expiring", "ann");

	private static final Duration ALMOST = Duration.ofMillis(999);

	private static final Duration LAST = Duration.ofMillis(1);

	private final Expiring function = new Expiring();

	private LocalRuntime start(Protocol cluster) {
		StatefulFunctions functions = StatefulFunctions.builder().register("test/expiring", this.function).build();
		return LocalRuntime.of(functions).protocol(cluster).manualClock().start();
	}

	private String ask(LocalRuntime runtime, Address self, String command) {
		runtime.send(self, command);
		runtime.runUntilIdle();
		return this.function.seen;
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void stateExpiresWhenItsTimeToLiveIsOver(Protocol cluster) {
		try (LocalRuntime runtime = start(cluster)) {
			ask(runtime, JOE, "write");
			runtime.advance(ALMOST);
			assertThat(runtime.states(JOE)).containsOnlyKeys("written", "called", "kept");
			runtime.advance(LAST);
			assertThat(runtime.states(JOE)).containsOnlyKeys("kept");
			assertThat(ask(runtime, JOE, "read")).isEqualTo("kept");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void callExtendsOnlyTheStateThatExpiresAfterCall(Protocol cluster) {
		try (LocalRuntime runtime = start(cluster)) {
			ask(runtime, JOE, "write");
			runtime.advance(ALMOST);
			assertThat(ask(runtime, JOE, "read")).isEqualTo("written called kept");
			runtime.advance(LAST);
			assertThat(ask(runtime, JOE, "read")).isEqualTo("called kept");
			runtime.advance(ALMOST);
			assertThat(ask(runtime, JOE, "look away")).isEmpty();
			runtime.advance(ALMOST);
			assertThat(ask(runtime, JOE, "read")).isEqualTo("called kept");
			runtime.advance(ALMOST.plus(LAST));
			assertThat(ask(runtime, JOE, "read")).isEqualTo("kept");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void writeExtendsBothStates(Protocol cluster) {
		try (LocalRuntime runtime = start(cluster)) {
			ask(runtime, JOE, "write");
			runtime.advance(ALMOST);
			ask(runtime, JOE, "write");
			runtime.advance(ALMOST);
			assertThat(ask(runtime, JOE, "read")).isEqualTo("written called kept");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void expiredStateCanBeWrittenAgain(Protocol cluster) {
		try (LocalRuntime runtime = start(cluster)) {
			ask(runtime, JOE, "write");
			runtime.advance(Duration.ofDays(1));
			assertThat(ask(runtime, JOE, "read")).isEqualTo("kept");
			ask(runtime, JOE, "write");
			assertThat(ask(runtime, JOE, "read")).isEqualTo("written called kept");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void readsFromOutsideAndCallsOfOtherInstancesDoNotExtendAState(Protocol cluster) {
		try (LocalRuntime runtime = start(cluster)) {
			ask(runtime, JOE, "write");
			runtime.advance(ALMOST);
			assertThat(runtime.state(JOE, "called", Boolean.class)).contains(true);
			assertThat(ask(runtime, ANN, "write")).isEmpty();
			runtime.advance(LAST);
			assertThat(ask(runtime, JOE, "read")).isEqualTo("kept");
			assertThat(ask(runtime, ANN, "read")).isEqualTo("written called kept");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void statesOfARecordExpire(Protocol cluster) {
		StatefulFunctions functions = StatefulFunctions.builder().register("test/expiring", new Writing()).build();
		try (LocalRuntime runtime = LocalRuntime.of(functions).protocol(cluster).manualClock().start()) {
			runtime.send(JOE, "write");
			runtime.runUntilIdle();
			assertThat(runtime.states(JOE)).containsOnlyKeys("written", "kept");
			runtime.advance(ALMOST.plus(LAST));
			assertThat(runtime.states(JOE)).containsOnlyKeys("kept");
			assertThat(runtime.state(JOE, "kept", String.class)).contains("write");
		}
	}

	/**
	 * Declares its states by a record.
	 */
	static final class Writing {

		@Handler
		void on(String command, States states) {
			states.written().set(true);
			states.kept().set(command);
		}

		private record States(@Persisted(expireAfterWrite = "1s") PersistedValue<Boolean> written,
				PersistedValue<String> kept) {

		}

	}

	/**
	 * Records which states it saw before a command, if the command is to read.
	 */
	static final class Expiring {

		private String seen = "";

		@Handler
		void on(String command, @Persisted(value = "written", expireAfterWrite = "1s") PersistedValue<Boolean> written,
				@Persisted(value = "called", expireAfterCall = "1s") PersistedValue<Boolean> called,
				@Persisted("kept") PersistedValue<Boolean> kept) {
			this.seen = "";
			if (command.equals("read")) {
				this.seen = ((written.get().isPresent() ? "written " : "") + (called.get().isPresent() ? "called " : "")
						+ (kept.get().isPresent() ? "kept" : ""))
					.strip();
			}
			if (command.equals("write")) {
				written.set(true);
				called.set(true);
				kept.set(true);
			}
		}

	}

}
