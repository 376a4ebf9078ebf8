package dev.statefun.console.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.statefun.console.http.Answer;
import dev.statefun.console.http.ConsoleRequest;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.http.Routes;
import dev.statefun.console.record.EgressRecord;
import dev.statefun.console.record.Page;
import dev.statefun.console.record.Recording;

/**
 * Records that were sent to egresses. Takes nothing from anywhere.
 *
 * @since 0.1.0
 */
public final class EgressView implements ConsoleView {

	private final Recording recording;

	private final RecordWriter writer;

	/**
	 * Create the part.
	 * @param recording what was recorded
	 * @param writer writes it
	 */
	public EgressView(Recording recording, RecordWriter writer) {
		this.recording = recording;
		this.writer = writer;
	}

	@Override
	public void addTo(Routes routes) {
		routes.get("egress", this::list);
	}

	private Answer list(ConsoleRequest request) {
		String egress = request.parameter("egress");
		String text = request.parameter("text");
		String wanted = (text != null) ? text.toLowerCase(Locale.ROOT) : null;
		Page<EgressRecord> page = this.recording.egress(request.before(), request.limit(),
				(record) -> (egress == null || record.egress().equals(egress))
						&& (wanted == null || contains(record, wanted)));
		List<JsonObject> egresses = new ArrayList<>();
		this.recording.egressCounts()
			.forEach((id, count) -> egresses.add(new JsonObject().with("egress", id).with("count", count)));
		return Answer.of(new JsonObject().with("egresses", egresses)
			.with("records", page.records().stream().map(this.writer::egress).toList())
			.with("next", page.next()));
	}

	private boolean contains(EgressRecord record, String text) {
		return RecordWriter.contains(record.address().toString(), text)
				|| RecordWriter.contains(this.writer.payload(record.record()).text(), text)
				|| RecordWriter.contains(String.valueOf(this.writer.egress(record).get("key")), text);
	}

}
