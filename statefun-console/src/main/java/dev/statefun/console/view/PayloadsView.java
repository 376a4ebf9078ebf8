package dev.statefun.console.view;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

import com.google.protobuf.Any;
import dev.statefun.console.http.Answer;
import dev.statefun.console.http.ConsoleException;
import dev.statefun.console.http.ConsoleRequest;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.http.Problem;
import dev.statefun.console.http.Routes;
import dev.statefun.console.payload.Payload;
import dev.statefun.console.record.EgressRecord;
import dev.statefun.console.record.FailureLog;
import dev.statefun.console.record.FailureRecord;
import dev.statefun.console.record.FailureRecord.Failed;
import dev.statefun.console.record.Handling;
import dev.statefun.console.record.MessageRecord;
import dev.statefun.console.record.Recording;
import dev.statefun.console.record.StateChange;
import dev.statefun.console.runtime.ConsoleRuntime;
import dev.statefun.sdk.Address;
import org.jspecify.annotations.Nullable;

/**
 * Whole payloads, by reference.
 *
 * @since 0.1.0
 */
public final class PayloadsView implements ConsoleView {

	private final Recording recording;

	private final FailureLog failures;

	private final RecordWriter writer;

	private final @Nullable ConsoleRuntime runtime;

	/**
	 * Create the part.
	 * @param recording what was recorded
	 * @param failures the failures
	 * @param writer reads payloads
	 * @param runtime the runtime, if there is one
	 */
	public PayloadsView(Recording recording, FailureLog failures, RecordWriter writer,
			@Nullable ConsoleRuntime runtime) {
		this.recording = recording;
		this.failures = failures;
		this.writer = writer;
		this.runtime = runtime;
	}

	/**
	 * Create a reference to the present value of a state.
	 * @param self address of the function instance
	 * @param name name of the state
	 * @return the reference
	 */
	public static String stateRef(Address self, String name) {
		String text = self.type() + "\0" + self.id() + "\0" + name;
		return "v-" + Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	@Override
	public void addTo(Routes routes) {
		routes.get("payloads/{ref}", this::payload);
	}

	private Answer payload(ConsoleRequest request) {
		String ref = request.variable("ref");
		Any value = find(ref);
		if (value == null) {
			throw new ConsoleException(Problem.NOT_FOUND, "The payload is not kept, or not any more");
		}
		Payload payload = this.writer.payload(value);
		if (!request.hasParameter("raw")) {
			return Answer.of(payload.toWholeJson(ref));
		}
		if (payload.masked()) {
			throw new ConsoleException(Problem.MASKED, "The payload is masked");
		}
		return Answer.file(value.getValue().toByteArray(), "payload.bin");
	}

	private @Nullable Any find(String ref) {
		String[] parts = ref.split("-", 2);
		if (parts.length < 2) {
			return null;
		}
		try {
			return switch (parts[0]) {
				case "m" -> message(Long.parseLong(parts[1]));
				case "f" -> failure(Long.parseLong(parts[1]));
				case "e" -> egress(Long.parseLong(parts[1]));
				case "x" -> effect(parts[1].split("-"));
				case "s" -> change(parts[1].split("-"));
				case "t" -> (this.runtime != null) ? this.runtime.delayed(Long.parseLong(parts[1])) : null;
				case "v" -> state(parts[1]);
				default -> null;
			};
		}
		catch (IllegalArgumentException | IndexOutOfBoundsException ex) {
			return null;
		}
	}

	private @Nullable Any message(long id) {
		MessageRecord record = this.recording.find(id);
		return (record != null) ? record.origin().message() : null;
	}

	private @Nullable Any failure(long id) {
		FailureRecord record = this.failures.find(id);
		Failed failed = (record != null) ? record.failed() : null;
		return (failed != null) ? failed.message() : null;
	}

	private @Nullable Any egress(long seq) {
		EgressRecord record = this.recording.findEgress(seq);
		return (record != null) ? record.record() : null;
	}

	private @Nullable Any effect(String[] parts) {
		Handling handling = handling(parts[0]);
		return (handling != null) ? handling.effects().get(Integer.parseInt(parts[1])).message() : null;
	}

	private @Nullable Any change(String[] parts) {
		Handling handling = handling(parts[0]);
		if (handling == null) {
			return null;
		}
		StateChange change = handling.changes().get(Integer.parseInt(parts[1]));
		return parts[2].equals("b") ? change.before() : change.after();
	}

	private @Nullable Handling handling(String id) {
		MessageRecord record = this.recording.find(Long.parseLong(id));
		return (record != null) ? record.handling() : null;
	}

	private @Nullable Any state(String encoded) {
		List<String> parts = List
			.of(new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8).split("\0", -1));
		return (this.runtime != null && parts.size() == 3)
				? this.runtime.state(Address.of(parts.get(0), parts.get(1)), parts.get(2)) : null;
	}

}
