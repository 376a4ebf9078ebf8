package dev.statefun.console.view;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

import dev.statefun.console.http.Answer;
import dev.statefun.console.http.ConsoleException;
import dev.statefun.console.http.ConsoleRequest;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.http.Problem;
import dev.statefun.console.http.Routes;
import dev.statefun.console.record.MessageRecord;
import dev.statefun.console.record.Page;
import dev.statefun.console.record.Recording;
import dev.statefun.sdk.FunctionType;
import org.jspecify.annotations.Nullable;

/**
 * Recorded messages: lists, single ones, and the tree that one belongs to.
 *
 * @since 0.1.0
 */
public final class MessagesView implements ConsoleView {

	private final Recording recording;

	private final RecordWriter writer;

	private final CurlCommand curl;

	private final TestSource tests;

	/**
	 * Create the part.
	 * @param recording what was recorded
	 * @param writer writes it
	 * @param curl writes commands
	 * @param tests writes tests
	 */
	public MessagesView(Recording recording, RecordWriter writer, CurlCommand curl, TestSource tests) {
		this.recording = recording;
		this.writer = writer;
		this.curl = curl;
		this.tests = tests;
	}

	@Override
	public void addTo(Routes routes) {
		routes.get("invocations", this::list);
		routes.get("messages/{id}", (request) -> Answer.of(message(request)));
		routes.get("messages/{id}/flow",
				(request) -> Answer.of(new FlowTree(this.recording, this.writer).of(find(request))));
		routes.get("messages/{id}/curl", this::curl);
		routes.get("tests/{id}", (request) -> Answer.of(this.tests.write(find(request))));
	}

	private Answer list(ConsoleRequest request) {
		Page<MessageRecord> page = this.recording.messages(request.before(), request.limit(), filter(request));
		return Answer.of(new JsonObject().with("since", this.recording.since())
			.with("dropped", this.recording.usage().dropped())
			.with("invocations", page.records().stream().map(this.writer::summary).toList())
			.with("next", page.next()));
	}

	private Predicate<MessageRecord> filter(ConsoleRequest request) {
		FunctionType type = request.function("type");
		String id = request.parameter("id");
		List<String> outcomes = request.parameters("outcome");
		String text = request.parameter("text");
		String wanted = (text != null) ? text.toLowerCase(Locale.ROOT) : null;
		return (record) -> (type == null || record.origin().target().type().equals(type))
				&& (id == null || record.origin().target().id().equals(id)) && hasOutcome(record, outcomes)
				&& (wanted == null || this.writer.contains(record, wanted));
	}

	private static boolean hasOutcome(MessageRecord record, List<String> outcomes) {
		return outcomes.isEmpty() || outcomes.contains(record.outcome().toString())
				|| (outcomes.contains("open") && record.outcome().isOpen());
	}

	private JsonObject message(ConsoleRequest request) {
		MessageRecord record = find(request);
		return this.writer.message(record, parent(record));
	}

	private @Nullable Long parent(MessageRecord record) {
		Long parent = record.origin().cause().parent();
		return (parent != null && this.recording.find(parent) != null) ? parent : null;
	}

	private Answer curl(ConsoleRequest request) {
		MessageRecord record = find(request);
		return Answer.of(new JsonObject().with("command", this.curl.write(record.origin().target(),
				record.origin().message(), record.origin().headers(), request)));
	}

	private MessageRecord find(ConsoleRequest request) {
		long id = request.id("id");
		MessageRecord record = this.recording.find(id);
		if (record == null) {
			throw new ConsoleException(Problem.NOT_FOUND, "The message " + id + " is not recorded, or not any more");
		}
		return record;
	}

}
