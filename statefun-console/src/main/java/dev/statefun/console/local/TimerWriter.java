package dev.statefun.console.local;

import java.util.List;

import dev.statefun.console.http.JsonObject;
import dev.statefun.console.record.Cause;
import dev.statefun.console.record.MessageRecord;
import dev.statefun.console.record.Recording;
import dev.statefun.console.view.RecordWriter;
import dev.statefun.local.LocalRuntimeOperations.PendingTimer;

/**
 * Writes delayed messages and timers as JSON of the API.
 *
 * @param recording knows the causes of messages
 * @param writer writes payloads and causes
 * @since 0.1.0
 */
public record TimerWriter(Recording recording, RecordWriter writer) {

	JsonObject write(PendingTimer timer) {
		MessageRecord record = this.recording.find(timer.id());
		Cause cause = (record != null) ? record.origin().cause()
				: new Cause(Cause.Kind.UNKNOWN, List.of(), timer.sender());
		return new JsonObject().with("id", timer.id())
			.with("target", timer.target())
			.with("caller", timer.timer().isPresent() ? null : timer.sender())
			.with("timer", timer.timer().orElse(null))
			.with("token", timer.token().orElse(null))
			.with("cancellable", true)
			.with("due", timer.due())
			.with("payload", this.writer.payloads().read(timer.message()).toJson("t-" + timer.id()))
			.with("headers", this.writer.payloads().headers(timer.headers()))
			.with("cause", this.writer.cause(cause));
	}

}
