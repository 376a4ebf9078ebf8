package dev.statefun.console.view;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

import com.google.protobuf.Any;
import dev.statefun.console.http.Answer;
import dev.statefun.console.http.ConsoleException;
import dev.statefun.console.http.ConsoleRequest;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.http.Problem;
import dev.statefun.console.http.RequestBody;
import dev.statefun.console.http.Routes;
import dev.statefun.console.record.FailureLog;
import dev.statefun.console.record.FailureRecord;
import dev.statefun.console.record.FailureRecord.Failed;
import dev.statefun.console.record.FailureRecord.Kind;
import dev.statefun.console.record.Page;
import dev.statefun.console.record.Recording;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;

/**
 * Failures, dead letters and failures of the job.
 *
 * @since 0.1.0
 */
public final class FailuresView implements ConsoleView {

	private final FailureLog failures;

	private final RecordWriter writer;

	private final MessageForm form;

	private final Recording recording;

	/**
	 * Create the part.
	 * @param failures the failures
	 * @param writer writes them
	 * @param form reads and sends messages
	 * @param recording takes which message was sent again
	 */
	public FailuresView(FailureLog failures, RecordWriter writer, MessageForm form, Recording recording) {
		this.failures = failures;
		this.writer = writer;
		this.form = form;
		this.recording = recording;
	}

	@Override
	public void addTo(Routes routes) {
		routes.get("failures", this::list);
		routes.post("failures/{id}/send", this::send);
	}

	private Answer list(ConsoleRequest request) {
		Page<FailureRecord> page = this.failures.page(request.before(), request.limit(), filter(request));
		Map<Kind, Integer> kept = new EnumMap<>(Kind.class);
		for (Kind kind : Kind.values()) {
			kept.put(kind, this.failures.count(kind));
		}
		return Answer.of(new JsonObject().with("failures",
				page.records().stream().map((failure) -> this.writer.failure(failure, this.form.canSend())).toList())
			.with("next", page.next())
			.with("kept", kept)
			.with("limit", FailureLog.KEPT));
	}

	private static Predicate<FailureRecord> filter(ConsoleRequest request) {
		FunctionType type = request.function("type");
		List<String> kinds = request.parameters("kind");
		String text = request.parameter("text");
		String wanted = (text != null) ? text.toLowerCase(Locale.ROOT) : null;
		return (failure) -> (type == null || failure.address().type().equals(type))
				&& (kinds.isEmpty() || kinds.contains(failure.kind().toString()))
				&& (wanted == null || RecordWriter.contains(failure.address().toString(), wanted)
						|| RecordWriter.contains(failure.detail().exception(), wanted)
						|| RecordWriter.contains(failure.detail().text(), wanted));
	}

	private Answer send(ConsoleRequest request) throws IOException {
		long id = request.id("id");
		FailureRecord failure = this.failures.find(id);
		if (failure == null) {
			throw new ConsoleException(Problem.NOT_FOUND, "The failure " + id + " is not kept, or not any more");
		}
		Failed failed = failure.failed();
		if (failed == null) {
			throw new ConsoleException(Problem.NOT_FOUND, "The message of the failure " + id + " is not known");
		}
		RequestBody body = request.body();
		String text = body.optionalText("text");
		Any message = (text != null) ? this.form.read(failure.address().type(), failed.message().getTypeUrl(),
				body.optionalText("format"), text) : failed.message();
		Headers headers = body.has("headers") ? MessageForm.headers(body) : failed.headers();
		Long sent = this.form.send(failure.address(), message, headers);
		if (sent != null && failed.messageId() != null) {
			this.recording.sentAgain(sent, failed.messageId());
		}
		return Answer.of(new JsonObject().with("messageId", sent));
	}

}
