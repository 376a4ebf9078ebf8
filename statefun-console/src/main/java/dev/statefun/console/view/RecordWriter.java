package dev.statefun.console.view;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.payload.Payload;
import dev.statefun.console.payload.PayloadReader;
import dev.statefun.console.record.Cause;
import dev.statefun.console.record.Effect;
import dev.statefun.console.record.EgressRecord;
import dev.statefun.console.record.FailureDetail;
import dev.statefun.console.record.FailureRecord;
import dev.statefun.console.record.FailureRecord.Failed;
import dev.statefun.console.record.Handling;
import dev.statefun.console.record.MessageRecord;
import dev.statefun.console.record.Origin;
import dev.statefun.console.record.Recording;
import dev.statefun.console.record.RequestRecord;
import dev.statefun.console.record.StateChange;
import org.jspecify.annotations.Nullable;

/**
 * Writes what was recorded as JSON of the API. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RecordWriter {

	private static final int LINE = 200;

	/** Summaries of larger payloads would take too long. */
	private static final int SUMMARIZED = 64 << 10;

	private final PayloadReader payloads;

	private final Recording recording;

	/**
	 * Create a writer.
	 * @param payloads reads payloads
	 * @param recording what was recorded
	 */
	public RecordWriter(PayloadReader payloads, Recording recording) {
		this.payloads = payloads;
		this.recording = recording;
	}

	/**
	 * Return the reader of payloads.
	 * @return the reader
	 */
	public PayloadReader payloads() {
		return this.payloads;
	}

	/**
	 * Write the summary of a message.
	 * @param record the message
	 * @return the JSON
	 */
	public JsonObject summary(MessageRecord record) {
		Origin origin = record.origin();
		Handling handling = record.handling();
		FailureDetail failure = (handling != null) ? handling.failure() : null;
		return new JsonObject().with("id", record.id())
			.with("seq", record.seq())
			.with("address", origin.target())
			.with("caller", origin.caller())
			.with("type", origin.message().getTypeUrl())
			.with("text", line(origin.message()))
			.with("timer", origin.timer())
			.with("outcome", record.outcome())
			.with("acceptedAt", origin.acceptedAt())
			.with("due", (origin.delay() != null) ? origin.delay().due() : null)
			.with("startedAt", (handling != null) ? handling.startedAt() : null)
			.with("durationMillis", (handling != null) ? millis(handling.duration()) : null)
			.with("attempts", (handling != null) ? handling.attempts() : 0)
			.with("batch", (handling != null) ? batch(handling.batch()) : null)
			.with("effects", (handling != null) ? handling.effects().size() : 0)
			.with("states", (handling != null) ? handling.changes().size() : 0)
			.with("failure", (failure != null) ? Payload.cut(failure.line(), LINE) : null);
	}

	private static JsonObject batch(Handling.BatchPosition batch) {
		return new JsonObject().with("id", batch.id()).with("size", batch.size()).with("index", batch.index());
	}

	static @Nullable Double millis(@Nullable Duration duration) {
		return (duration != null) ? Math.round(duration.toNanos() / 1e4) / 100.0 : null;
	}

	/**
	 * Return the text of a message in one line.
	 * @param message the message
	 * @return the beginning of its text
	 */
	public String line(Any message) {
		return (message.getValue().size() > SUMMARIZED) ? message.getValue().size() + " bytes"
				: PayloadReader.line(this.payloads.read(message), LINE);
	}

	/**
	 * Write a message with all that is known about it.
	 * @param record the message
	 * @param parent id of the message that it is drawn below
	 * @return the JSON
	 */
	public JsonObject message(MessageRecord record, @Nullable Long parent) {
		Origin origin = record.origin();
		Handling handling = record.handling();
		FailureDetail failure = (handling != null) ? handling.failure() : null;
		List<JsonObject> effects = new ArrayList<>();
		List<JsonObject> changes = new ArrayList<>();
		if (handling != null) {
			for (int i = 0; i < handling.effects().size(); i++) {
				effects.add(effect(handling.effects().get(i), "x-" + record.id() + "-" + i));
			}
			for (int i = 0; i < handling.changes().size(); i++) {
				changes.add(change(handling.changes().get(i), "s-" + record.id() + "-" + i));
			}
		}
		return summary(record).with("payload", this.payloads.read(origin.message()).toJson("m-" + record.id()))
			.with("headers", this.payloads.headers(origin.headers()))
			.with("cause", cause(origin.cause()))
			.with("parent", parent)
			.with("effectsList", effects)
			.with("attribution", (handling != null && !handling.perMessage()) ? "batch" : "message")
			.with("stateChanges", changes)
			.with("failureDetail", (failure != null) ? failure(failure) : null)
			.with("endedAt", (handling != null) ? handling.endedAt() : null);
	}

	/**
	 * Write a cause.
	 * @param cause the cause
	 * @return the JSON
	 */
	public JsonObject cause(Cause cause) {
		return new JsonObject().with("kind", cause.kind().toString())
			.with("messageId", (cause.kind() != Cause.Kind.BATCH) ? cause.parent() : null)
			.with("messageIds", cause.messages())
			.with("address", cause.address());
	}

	private JsonObject effect(Effect effect, String ref) {
		Any message = effect.message();
		ProducedRecord produced = (effect.kind() == Effect.Kind.EGRESS && message != null) ? ProducedRecord.of(message)
				: null;
		Long id = effect.messageId();
		MessageRecord sent = (id != null) ? this.recording.find(id) : null;
		Origin.Delay delay = (sent != null) ? sent.origin().delay() : null;
		return new JsonObject().with("kind", effect.kind())
			.with("target", effect.target())
			.with("egress", effect.egress())
			.with("topic", (produced != null) ? produced.topic() : null)
			.with("key", (produced != null) ? produced.key() : null)
			.with("payload", (message != null) ? payload(message, produced).toJson(ref) : null)
			.with("headers", this.payloads.headers(effect.headers()))
			.with("delay", effect.delay())
			.with("due", (delay != null) ? delay.due() : null)
			.with("token", effect.token())
			.with("timer", effect.timer())
			.with("messageId", (sent != null) ? id : null);
	}

	/**
	 * Read the payload of a message or record.
	 * @param record the message or record
	 * @return the payload; of a record for Kafka or Kinesis, its value
	 */
	public Payload payload(Any record) {
		return payload(record, ProducedRecord.of(record));
	}

	private Payload payload(Any message, @Nullable ProducedRecord produced) {
		return (produced != null) ? this.payloads.readBytes(message.getTypeUrl(), produced.value())
				: this.payloads.read(message);
	}

	private JsonObject change(StateChange change, String ref) {
		Any before = change.before();
		Any after = change.after();
		return new JsonObject().with("name", change.name())
			.with("before", (before != null) ? this.payloads.read(before).toJson(ref + "-b") : null)
			.with("after", (after != null) ? this.payloads.read(after).toJson(ref + "-a") : null);
	}

	private static JsonObject failure(FailureDetail failure) {
		return new JsonObject().with("exception", failure.exception())
			.with("text", failure.text())
			.with("stackTrace", failure.stackTrace())
			.with("action", failure.action());
	}

	/**
	 * Write a failure.
	 * @param record the failure
	 * @param sendable whether its message can be sent again
	 * @return the JSON
	 */
	public JsonObject failure(FailureRecord record, boolean sendable) {
		Failed failed = record.failed();
		return new JsonObject().with("id", record.id())
			.with("kind", record.kind())
			.with("at", record.at())
			.with("lastAt", record.lastAt())
			.with("count", record.count())
			.with("address", record.address())
			.with("caller", (failed != null) ? failed.caller() : null)
			.with("messageId", (failed != null) ? failed.messageId() : null)
			.with("payload", (failed != null) ? this.payloads.read(failed.message()).toJson("f-" + record.id()) : null)
			.with("headers", (failed != null) ? this.payloads.headers(failed.headers()) : List.of())
			.with("failure", failure(record.detail()))
			.with("retryAt", record.retryAt())
			.with("open", record.open())
			.with("sendable", sendable && failed != null);
	}

	/**
	 * Write a record of an egress.
	 * @param record the record
	 * @return the JSON
	 */
	public JsonObject egress(EgressRecord record) {
		ProducedRecord produced = ProducedRecord.of(record.record());
		return new JsonObject().with("seq", record.seq())
			.with("at", record.at())
			.with("egress", record.egress())
			.with("topic", (produced != null) ? produced.topic() : null)
			.with("key", (produced != null) ? produced.key() : null)
			.with("address", record.address())
			.with("messageId", record.messageId())
			.with("payload", payload(record.record(), produced).toJson("e-" + record.seq()))
			.with("headers", this.payloads.headers(record.headers()));
	}

	/**
	 * Write a request.
	 * @param record the request
	 * @return the JSON
	 */
	public JsonObject request(RequestRecord record) {
		return new JsonObject().with("seq", record.seq())
			.with("kind", record.kind())
			.with("at", record.at())
			.with("function", record.function())
			.with("id", record.id())
			.with("outcome", record.outcome())
			.with("durationMillis", millis(record.duration()))
			.with("messages", record.messages())
			.with("requestBytes", record.requestBytes())
			.with("replyBytes", record.replyBytes())
			.with("failure", record.failure());
	}

	/**
	 * Return whether a message has a text, without regard to case.
	 * @param record the message
	 * @param text the text in lower case
	 * @return whether it occurs in its address, type, payload or failure
	 */
	public boolean contains(MessageRecord record, String text) {
		Origin origin = record.origin();
		Handling handling = record.handling();
		FailureDetail failure = (handling != null) ? handling.failure() : null;
		return contains(origin.target().toString(), text) || contains(origin.message().getTypeUrl(), text)
				|| (origin.caller() != null && contains(origin.caller().toString(), text))
				|| (origin.timer() != null && contains(origin.timer(), text))
				|| (failure != null && (contains(failure.exception(), text) || contains(failure.text(), text)))
				|| (origin.message().getValue().size() <= SUMMARIZED
						&& contains(this.payloads.read(origin.message()).text(), text));
	}

	static boolean contains(String where, String text) {
		return where.toLowerCase(Locale.ROOT).contains(text);
	}

	/**
	 * A record for Kafka or Kinesis: 1 is the key, 2 the value, 3 the topic or stream
	 * (protocol.md §1).
	 *
	 * @param topic the topic or stream
	 * @param key the key
	 * @param value the value
	 */
	private record ProducedRecord(String topic, String key, ByteString value) {

		static @Nullable ProducedRecord of(Any record) {
			String name = record.getTypeUrl().substring(record.getTypeUrl().lastIndexOf('/') + 1);
			if (!name.endsWith(".KafkaProducerRecord") && !name.endsWith(".KinesisEgressRecord")) {
				return null;
			}
			try {
				return read(record.getValue());
			}
			catch (IOException ex) {
				// Shown as the bytes it is
				return null;
			}
		}

		private static ProducedRecord read(ByteString bytes) throws IOException {
			String key = "";
			String topic = "";
			ByteString value = ByteString.EMPTY;
			CodedInputStream in = bytes.newCodedInput();
			for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
				switch (WireFormat.getTagFieldNumber(tag)) {
					case 1 -> key = new String(in.readByteArray(), StandardCharsets.UTF_8);
					case 2 -> value = in.readBytes();
					case 3 -> topic = in.readString();
					default -> in.skipField(tag);
				}
			}
			return new ProducedRecord(topic, key, value);
		}

	}

}
