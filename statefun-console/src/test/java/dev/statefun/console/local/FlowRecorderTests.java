package dev.statefun.console.local;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

import dev.statefun.console.record.Cause;
import dev.statefun.console.record.Effect;
import dev.statefun.console.record.EventLog;
import dev.statefun.console.record.Handling;
import dev.statefun.console.record.MessageRecord;
import dev.statefun.console.record.Outcome;
import dev.statefun.console.record.Recording;
import dev.statefun.local.FunctionEndpoint;
import dev.statefun.local.LocalRuntime;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the recording of messages in a local runtime.
 */
class FlowRecorderTests {

	private static final Address ENTRY = Address.of("test/entry", "one");

	private final StatefulFunctions functions = StatefulFunctions.builder()
		.register("test/entry", new Entry())
		.register("test/end", new End())
		.build();

	private final RequestReplyHandler handler = new RequestReplyHandler(this.functions);

	private final Recording recording = new Recording(InstantSource.system(), new EventLog());

	@Test
	void effectsInThisProcessAreThoseOfTheMessage() {
		try (LocalRuntime runtime = runtime(FunctionEndpoint.of(this.handler))) {
			runtime.sendTogether(ENTRY, List.of(1, 2, 3));
			runtime.runUntilIdle();
			List<MessageRecord> entries = records("test/entry");
			assertThat(entries).hasSize(3).allSatisfy((record) -> {
				Handling handling = handling(record);
				assertThat(handling.perMessage()).isTrue();
				assertThat(handling.batch().size()).isEqualTo(3);
				assertThat(handling.effects()).hasSize(1);
				Effect effect = handling.effects().get(0);
				long id = Objects.requireNonNull(effect.messageId());
				MessageRecord sent = Objects.requireNonNull(this.recording.find(id));
				assertThat(sent.origin().cause()).isEqualTo(new Cause(Cause.Kind.MESSAGE, List.of(record.id()), ENTRY));
				assertThat(handling.changes()).hasSize(1);
			});
		}
	}

	@Test
	void effectsOverHttpAreThoseOfTheBatch() {
		try (LocalRuntime runtime = runtime(this.handler::handle)) {
			runtime.sendTogether(ENTRY, List.of(1, 2, 3));
			runtime.runUntilIdle();
			List<Long> ids = records("test/entry").stream().map(MessageRecord::id).sorted().toList();
			assertThat(records("test/entry")).allSatisfy((record) -> {
				assertThat(record.outcome()).isEqualTo(Outcome.DONE);
				assertThat(handling(record).perMessage()).isFalse();
				assertThat(handling(record).effects()).hasSize(3);
			});
			assertThat(records("test/end")).hasSize(3)
				.allSatisfy((record) -> assertThat(record.origin().cause())
					.isEqualTo(new Cause(Cause.Kind.BATCH, ids, ENTRY)));
		}
	}

	@Test
	void messagesFromBeforeTheRecordingAreKnown() {
		try (LocalRuntime runtime = LocalRuntime.of(this.functions).manualClock().create()) {
			runtime.send(ENTRY, 100);
			runtime.runUntilIdle();
			runtime.send(ENTRY, 1);
			FlowRecorder recorder = new FlowRecorder(runtime, this.recording);
			this.recording.begin();
			recorder.attach();
			assertThat(records("test/entry")).hasSize(1)
				.allSatisfy((record) -> assertThat(record.origin().cause().kind()).isEqualTo(Cause.Kind.UNKNOWN));
			assertThat(records("test/end")).hasSize(1)
				.allSatisfy((record) -> assertThat(record.outcome()).isEqualTo(Outcome.DELAYED));
			runtime.advance(Duration.ofHours(1));
			assertThat(this.recording.all().values()).extracting(MessageRecord::outcome).containsOnly(Outcome.DONE);
			recorder.detach();
			int known = this.recording.all().size();
			runtime.send(ENTRY, 2);
			runtime.runUntilIdle();
			assertThat(this.recording.all()).hasSize(known);
		}
	}

	private LocalRuntime runtime(FunctionEndpoint endpoint) {
		LocalRuntime runtime = LocalRuntime.of(this.functions)
			.functions(this.functions, endpoint)
			.manualClock()
			.create();
		this.recording.begin();
		new FlowRecorder(runtime, this.recording).attach();
		return runtime;
	}

	private List<MessageRecord> records(String type) {
		return this.recording
			.messages(Long.MAX_VALUE, 100, (record) -> record.origin().target().type().toString().equals(type))
			.records();
	}

	private static Handling handling(MessageRecord record) {
		return Objects.requireNonNull(record.handling());
	}

	static final class Entry {

		@Handler
		void handle(Integer number, @Persisted("last") PersistedValue<Integer> last, Context context) {
			last.set(number);
			if (number == 100) {
				context.sendAfter(Duration.ofHours(1), "test/end", "late", number);
			}
			else {
				context.send("test/end", "end-" + number, number);
			}
		}

	}

	static final class End {

		@Handler
		void handle(Integer number) {
		}

	}

}
