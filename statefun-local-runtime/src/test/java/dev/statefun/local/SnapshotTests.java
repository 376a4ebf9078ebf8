package dev.statefun.local;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.CancellationToken;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testwire.v3.FromFunction.ExpirationSpec.ExpireMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that a snapshot is restored in another runtime, completely or not at all.
 */
class SnapshotTests {

	private static final Address JOE = Address.of("test/log", "joe €");

	private static final Instant NOON = Instant.EPOCH.plus(Duration.ofHours(12));

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void restoredRuntimeContinuesWhereItWas(Protocol protocol) {
		byte[] snapshot;
		try (LocalRuntime runtime = logs().protocol(protocol).start()) {
			runtime.send(JOE, "a");
			runtime.send(JOE, "later");
			runtime.runUntilIdle();
			runtime.send(JOE, "waits");
			runtime.send(JOE, "waits too");
			snapshot = runtime.snapshot();
		}
		try (LocalRuntime runtime = logs().protocol(protocol).restore(snapshot).start()) {
			assertThat(runtime.state(JOE, "log", String.class)).contains("a later ");
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "log", String.class)).contains("a later waits waits too ");
			runtime.advance(Duration.ofSeconds(1));
			assertThat(runtime.state(JOE, "log", String.class)).contains("a later waits waits too due ");
		}
	}

	@Test
	void restoredStatesStillExpire() {
		byte[] snapshot;
		try (LocalRuntime runtime = logs().start()) {
			runtime.send(JOE, "a");
			runtime.runUntilIdle();
			runtime.advance(Duration.ofSeconds(5));
			snapshot = runtime.snapshot();
		}
		try (LocalRuntime runtime = logs().manualClock(NOON.plusSeconds(5)).restore(snapshot).start()) {
			runtime.advance(Duration.ofMillis(4999));
			assertThat(runtime.state(JOE, "seen", Boolean.class)).contains(true);
			runtime.advance(Duration.ofMillis(1));
			assertThat(runtime.state(JOE, "seen", Boolean.class)).isEmpty();
		}
	}

	@Test
	void instancesWhoseStatesHaveAllExpiredAreForgotten() {
		ScriptedFunction function = new ScriptedFunction()
			.asksFor(ScriptedFunction.spec("count", "test/count", ExpireMode.AFTER_WRITE, 5));
		try (LocalRuntime runtime = function.host().start()) {
			for (int i = 0; i < 100; i++) {
				function.answers((reply) -> reply
					.addStateMutations(ScriptedFunction.modify("count", ScriptedFunction.value("test/count", "1"))));
				runtime.send(Address.of(ScriptedFunction.TYPE, "" + i), ScriptedFunction.text("a"));
				runtime.runUntilIdle();
			}
			int full = runtime.snapshot().length;
			runtime.advance(Duration.ofMillis(5));
			assertThat(runtime.snapshot().length).isLessThan(full - 1000);
		}
	}

	@Test
	void pendingTokenIsStillPending() {
		byte[] snapshot;
		try (LocalRuntime runtime = logs().start()) {
			runtime.send(JOE, "token");
			runtime.runUntilIdle();
			snapshot = runtime.snapshot();
		}
		try (LocalRuntime runtime = logs().restore(snapshot).start()) {
			assertThat(runtime.pendingDelayedMessages()).isOne();
			runtime.send(JOE, "cancel");
			runtime.runUntilIdle();
			assertThat(runtime.pendingDelayedMessages()).isZero();
		}
		try (LocalRuntime runtime = logs().restore(snapshot).start()) {
			runtime.send(JOE, "token");
			assertThatExceptionOfType(JobFailedException.class).isThrownBy(runtime::runUntilIdle)
				.withMessageContaining("with the token 't', with which another one is pending");
		}
	}

	@Test
	void statesAndMessagesOfARemovedFunctionAreKeptUntilItReturns() {
		byte[] snapshot;
		try (LocalRuntime runtime = logs().start()) {
			runtime.send(JOE, "a");
			runtime.send(JOE, "later");
			runtime.runUntilIdle();
			runtime.send(JOE, "waits");
			snapshot = runtime.snapshot();
		}
		try (LocalRuntime runtime = LocalRuntime.builder().manualClock(NOON).restore(snapshot).start()) {
			runtime.advance(Duration.ofHours(1));
			snapshot = runtime.snapshot();
		}
		try (LocalRuntime runtime = logs().restore(snapshot).start()) {
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "log", String.class)).contains("a later waits due ");
		}
	}

	// Written by a runtime whose messages had no ids, after the messages "a" and "later"
	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void snapshotOfTheFirstVersionIsRestored(Protocol protocol) throws IOException {
		byte[] snapshot = resource("snapshot-1-" + protocol.name().toLowerCase(Locale.ROOT) + ".bin");
		try (LocalRuntime runtime = logs().protocol(protocol).restore(snapshot).start()) {
			String before = (protocol == Protocol.V3) ? "a later token " : "a later ";
			assertThat(runtime.state(JOE, "log", String.class)).contains(before);
			List<Long> ids = new ArrayList<>();
			LocalRuntimeOperations.MailboxContent mailbox = runtime.operations().mailbox(JOE, 10);
			mailbox.inFlight().forEach((message) -> ids.add(message.id()));
			mailbox.waiting().forEach((message) -> ids.add(message.id()));
			runtime.operations().timers(null, 10).timers().forEach((timer) -> ids.add(timer.id()));
			assertThat(ids).hasSize((protocol == Protocol.V3) ? 5 : 4).isSorted().doesNotHaveDuplicates();
			assertThat(mailbox.waiting().get(1).caller()).contains(Address.of("test/other", "1"));
			assertThat(runtime.send(JOE, "new")).isGreaterThan(ids.get(ids.size() - 1));
			runtime.advance(Duration.ofSeconds(1));
			assertThat(runtime.state(JOE, "log", String.class))
				.contains(before + "waits waits too waits last new due ");
		}
	}

	private static byte[] resource(String name) throws IOException {
		try (InputStream in = Objects.requireNonNull(SnapshotTests.class.getResourceAsStream(name), name)) {
			return in.readAllBytes();
		}
	}

	@Test
	void snapshotOfTheOtherGenerationIsRefused() {
		byte[] snapshot = full();
		assertThatExceptionOfType(SnapshotException.class)
			.isThrownBy(() -> logs().protocol(Protocol.V2).restore(snapshot).start())
			.withMessage("The snapshot is of a 3.x runtime, this is one of 2.x; start without the snapshot");
	}

	@Test
	void cutOffSnapshotsAreRefused() {
		byte[] snapshot = full();
		for (int length = 0; length < snapshot.length; length++) {
			byte[] cut = Arrays.copyOf(snapshot, length);
			assertThatExceptionOfType(SnapshotException.class).as("%d bytes", length)
				.isThrownBy(() -> logs().restore(cut).start());
		}
	}

	@Test
	void damagedSnapshotsAreRefused() {
		byte[] snapshot = full();
		for (int bit = 0; bit < snapshot.length * 8; bit++) {
			byte[] damaged = snapshot.clone();
			damaged[bit / 8] ^= (byte) (1 << (bit % 8));
			assertThatExceptionOfType(SnapshotException.class).as("bit %d", bit)
				.isThrownBy(() -> logs().restore(damaged).start());
		}
	}

	@Test
	void bytesThatAreNotASnapshotAreRefused() {
		byte[] noise = new byte[500];
		new Random(1).nextBytes(noise);
		assertThatExceptionOfType(SnapshotException.class).isThrownBy(() -> logs().restore(noise).start())
			.withMessage("These 500 bytes are not a snapshot of a local runtime");
		assertThatExceptionOfType(SnapshotException.class).isThrownBy(() -> logs().restore(new byte[3]).start())
			.withMessage("The snapshot of 3 bytes is cut off");
		byte[] newer = full();
		newer[7] = 9;
		assertThatExceptionOfType(SnapshotException.class).isThrownBy(() -> logs().restore(newer).start())
			.withMessage("The snapshot has the version 9; expected 1 to 2");
	}

	private static byte[] full() {
		try (LocalRuntime runtime = logs().start()) {
			for (String text : List.of("a", "later", "token")) {
				runtime.send(JOE, text);
			}
			runtime.runUntilIdle();
			runtime.send(JOE, "waits");
			runtime.send(JOE, "waits too");
			return runtime.snapshot();
		}
	}

	private static LocalRuntime.Builder logs() {
		return LocalRuntime.of(StatefulFunctions.builder().register("test/log", new Log()).build()).manualClock(NOON);
	}

	/**
	 * Records its messages.
	 */
	static final class Log {

		private static final CancellationToken TOKEN = CancellationToken.of("t");

		@Handler
		void on(String text, @Persisted("log") PersistedValue<String> log,
				@Persisted(value = "seen", expireAfterWrite = "10s") PersistedValue<Boolean> seen, Context context) {
			log.set(log.get().orElse("") + text + " ");
			seen.set(true);
			switch (text) {
				case "later" -> context.sendAfter(Duration.ofSeconds(1), context.self(), "due");
				case "token" -> context.sendAfter(Duration.ofHours(1), context.self(), "never", TOKEN);
				case "cancel" -> context.cancelDelayed(TOKEN);
				default -> {
				}
			}
		}

	}

}
