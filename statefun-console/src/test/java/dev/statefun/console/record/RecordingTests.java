package dev.statefun.console.record;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.console.record.FailureRecord.Failed;
import dev.statefun.console.record.FailureRecord.Kind;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the limits of what is recorded.
 */
class RecordingTests {

	private static final Address JOE = Address.of("test/count", "joe");

	private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

	private final EventLog events = new EventLog();

	private final Recording recording = new Recording(InstantSource.fixed(NOW), this.events);

	@Test
	void oldestMessagesAreForgotten() {
		this.recording.begin();
		for (long id = 1; id <= Recording.MAX_MESSAGES + 10; id++) {
			this.recording.accepted(origin(id, 10));
		}
		assertThat(this.recording.usage().messages()).isEqualTo(Recording.MAX_MESSAGES);
		assertThat(this.recording.usage().dropped()).isEqualTo(10);
		assertThat(this.recording.find(10)).isNull();
		assertThat(this.recording.find(11)).isNotNull();
	}

	@Test
	void nothingFromBeforeAGapIsShown() {
		this.recording.begin();
		this.recording.accepted(origin(1, 10));
		this.recording.egress("test/out", JOE, 1L, new Effect(Effect.Kind.EGRESS, null, "test/out",
				Any.getDefaultInstance(), Headers.empty(), null, null, null), NOW);
		this.recording.request((seq) -> new RequestRecord(seq, "batch", NOW, "test/count", "joe", "replied",
				Duration.ofMillis(1), 1, 10, 10, null));
		this.recording.stop();
		assertThat(this.recording.egress(Long.MAX_VALUE, 10, (record) -> true).records()).hasSize(1);
		assertThat(this.recording.requests(Long.MAX_VALUE, 10, (record) -> true).records()).hasSize(1);
		this.recording.begin();
		assertThat(this.recording.find(1)).isNull();
		assertThat(this.recording.egress(Long.MAX_VALUE, 10, (record) -> true).records()).isEmpty();
		assertThat(this.recording.requests(Long.MAX_VALUE, 10, (record) -> true).records()).isEmpty();
	}

	@Test
	void bytesAreLimited() {
		this.recording.begin();
		for (long id = 1; id <= 50; id++) {
			this.recording.accepted(origin(id, 1 << 20));
		}
		assertThat(this.recording.usage().bytes()).isLessThanOrEqualTo(Recording.MAX_BYTES);
		assertThat(this.recording.usage().messages()).isBetween(20, 32);
		assertThat(this.recording.find(50)).isNotNull();
	}

	@Test
	void sizeOfAChangedMessageIsCountedOnce() {
		this.recording.begin();
		this.recording.accepted(origin(1, 1000));
		long bytes = this.recording.usage().bytes();
		this.recording.started(JOE, List.of(1L), NOW);
		this.recording.ended(JOE, NOW, Duration.ofMillis(1),
				List.of(new Recording.Result(1, Outcome.RETRYING, List.of(), List.of(), true, null)));
		this.recording.started(JOE, List.of(1L), NOW);
		assertThat(this.recording.usage().bytes()).isLessThan(bytes + 500);
		MessageRecord record = Objects.requireNonNull(this.recording.find(1));
		assertThat(record.outcome()).isEqualTo(Outcome.RUNNING);
		assertThat(record.handling()).isNotNull().extracting(Handling::attempts).isEqualTo(2);
	}

	@Test
	void nothingIsRecordedWhileOff() {
		this.recording.accepted(origin(1, 10));
		this.recording.started(JOE, List.of(1L), NOW);
		this.recording.request((seq) -> {
			throw new AssertionError("created although the recording is off");
		});
		assertThat(this.recording.usage().messages()).isZero();
		assertThat(this.events.last()).isZero();
	}

	@Test
	void sourcesAreAttachedWhileAPageIsOpen() {
		List<String> calls = new ArrayList<>();
		RecordingSwitch.Source source = new RecordingSwitch.Source() {

			@Override
			public void attach() {
				calls.add("attach");
			}

			@Override
			public void detach() {
				calls.add("detach");
			}

		};
		RecordingSwitch whileOpen = new RecordingSwitch(this.recording, false, List.of(source));
		whileOpen.start();
		assertThat(calls).isEmpty();
		whileOpen.opened();
		whileOpen.opened();
		whileOpen.closed();
		assertThat(calls).containsExactly("attach");
		whileOpen.closed();
		assertThat(calls).containsExactly("attach", "detach");
		RecordingSwitch always = new RecordingSwitch(this.recording, true, List.of(source));
		always.start();
		always.opened();
		always.closed();
		assertThat(this.recording.isOn()).isTrue();
		always.stop();
		assertThat(calls).containsExactly("attach", "detach", "attach", "detach");
	}

	@Test
	void lastHundredFailuresOfEachKindAreKept() {
		FailureLog failures = new FailureLog(this.events);
		FailureDetail detail = FailureDetail.of(new IllegalStateException("x"), "skip");
		long first = failures.add(Kind.DEAD_LETTER, NOW, JOE, failed(0), detail, false);
		for (int i = 1; i <= 150; i++) {
			failures.add(Kind.FAILURE, NOW, JOE, failed(i), detail, false);
		}
		assertThat(failures.count(Kind.FAILURE)).isEqualTo(100);
		assertThat(failures.find(first)).isNotNull();
		assertThat(failures.page(Long.MAX_VALUE, 500, (failure) -> true).records()).hasSize(101);
	}

	@Test
	void failureOfTheSameMessageCountsOn() {
		FailureLog failures = new FailureLog(this.events);
		FailureDetail detail = FailureDetail.of(new IllegalStateException("x"), "retry");
		long id = failures.add(Kind.FAILURE, NOW, JOE, failed(1), detail, true);
		assertThat(failures.add(Kind.FAILURE, NOW.plusSeconds(1), JOE, failed(1), detail, true)).isEqualTo(id);
		FailureRecord record = Objects.requireNonNull(failures.find(id));
		assertThat(record.count()).isEqualTo(2);
		assertThat(record.at()).isEqualTo(NOW);
		failures.succeeded(JOE);
		assertThat(failures.find(id)).isNotNull().extracting(FailureRecord::open).isEqualTo(false);
		assertThat(failures.add(Kind.FAILURE, NOW, JOE, failed(1), detail, true)).isNotEqualTo(id);
	}

	@Test
	void eventsThatAreNotKeptAreCounted() {
		for (int i = 0; i < EventLog.KEPT + 7; i++) {
			this.events.add(new ConsoleEvent(ConsoleEvent.Kind.MESSAGE, i));
		}
		EventLog.Batch batch = this.events.after(0);
		assertThat(batch.lost()).isEqualTo(7);
		assertThat(batch.events()).hasSize(EventLog.KEPT);
		assertThat(batch.events().get(0).id()).isEqualTo(7);
		assertThat(this.events.after(batch.last()).events()).isEmpty();
	}

	@Test
	void rateIsThatOfTheLastSeconds() {
		Rates rates = new Rates();
		for (int i = 0; i < 20; i++) {
			rates.count(JOE.type(), Outcome.DONE, 1_000_000);
		}
		assertThat(rates.rate(JOE.type(), 1_005_000)).isEqualTo(2);
		assertThat(rates.rate(JOE.type(), 1_010_000)).isZero();
		assertThat(rates.total(JOE.type(), Outcome.DONE)).isEqualTo(20);
	}

	private static Failed failed(long id) {
		return new Failed(id, Any.getDefaultInstance(), Headers.empty(), null);
	}

	private static Origin origin(long id, int size) {
		return new Origin(id, JOE, null,
				Any.newBuilder().setTypeUrl("test/T").setValue(ByteString.copyFrom(new byte[size])).build(),
				Headers.empty(), new Cause(Cause.Kind.INGRESS, List.of(), null), NOW, null);
	}

}
