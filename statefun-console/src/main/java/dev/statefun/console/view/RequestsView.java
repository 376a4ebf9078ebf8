package dev.statefun.console.view;

import java.util.List;

import dev.statefun.console.http.Answer;
import dev.statefun.console.http.ConsoleRequest;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.http.Routes;
import dev.statefun.console.record.Page;
import dev.statefun.console.record.Recording;
import dev.statefun.console.record.RequestRecord;

/**
 * Requests that the service has answered.
 *
 * @since 0.1.0
 */
public final class RequestsView implements ConsoleView {

	private final Recording recording;

	private final RecordWriter writer;

	/**
	 * Create the part.
	 * @param recording what was recorded
	 * @param writer writes it
	 */
	public RequestsView(Recording recording, RecordWriter writer) {
		this.recording = recording;
		this.writer = writer;
	}

	@Override
	public void addTo(Routes routes) {
		routes.get("requests", this::list);
	}

	private Answer list(ConsoleRequest request) {
		String function = request.parameter("function");
		List<String> outcomes = request.parameters("outcome");
		Page<RequestRecord> page = this.recording.requests(request.before(), request.limit(),
				(record) -> (function == null || function.equals(record.function()))
						&& (outcomes.isEmpty() || outcomes.contains(record.outcome())));
		return Answer.of(new JsonObject().with("since", this.recording.since())
			.with("requests", page.records().stream().map(this.writer::request).toList())
			.with("next", page.next()));
	}

}
