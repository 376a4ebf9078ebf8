package dev.statefun.console.view;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.statefun.console.http.Answer;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.http.RequestGuard;
import dev.statefun.console.http.Routes;
import dev.statefun.console.record.Recording;
import dev.statefun.console.record.RecordingSwitch;
import dev.statefun.console.runtime.ConsoleRuntime;
import org.jspecify.annotations.Nullable;

/**
 * What the console can see and do.
 *
 * @since 0.1.0
 */
public final class InfoView implements ConsoleView {

	private final Application application;

	private final RequestGuard guard;

	private final Recording recording;

	private final RecordingSwitch recordingSwitch;

	private final @Nullable ConsoleRuntime runtime;

	private final Map<String, String> unavailable;

	/**
	 * Create the part.
	 * @param application the application
	 * @param guard has the token
	 * @param recording what was recorded
	 * @param recordingSwitch switches it on
	 * @param runtime the runtime, if there is one
	 * @param unavailable reasons by paths that are not available
	 */
	public InfoView(Application application, RequestGuard guard, Recording recording, RecordingSwitch recordingSwitch,
			@Nullable ConsoleRuntime runtime, Map<String, String> unavailable) {
		this.application = application;
		this.guard = guard;
		this.recording = recording;
		this.recordingSwitch = recordingSwitch;
		this.runtime = runtime;
		this.unavailable = unavailable;
	}

	@Override
	public void addTo(Routes routes) {
		routes.get("info", (request) -> Answer.of(info()));
	}

	private JsonObject info() {
		ConsoleRuntime runtime = this.runtime;
		Application application = this.application;
		return new JsonObject().with("application", application.name())
			.with("version", application.version())
			.with("mode", (runtime != null) ? "local" : "cluster")
			.with("boot", application.boot())
			.with("startedAt", application.startedAt())
			.with("readOnly", this.guard.token() == null)
			.with("readOnlyReason", this.guard.readOnlyReason())
			.with("token", this.guard.token())
			.with("tokenHeader", RequestGuard.TOKEN_HEADER)
			.with("clock", (runtime != null) ? runtime.clock() : null)
			.with("recording", recording())
			.with("flink", application.flink())
			.with("protocol", application.protocol())
			.with("endpoint", application.endpoint())
			.with("playground", (runtime != null && runtime.ingress() != null)
					? new JsonObject().with("ingress", runtime.ingress()).with("egress", runtime.egress()) : null)
			.with("unavailable", unavailable());
	}

	private JsonObject recording() {
		Recording.Usage usage = this.recording.usage();
		return new JsonObject().with("mode", this.recordingSwitch.isAlways() ? "always" : "while-open")
			.with("on", this.recording.isOn())
			.with("since", this.recording.since())
			.with("messages", usage.messages())
			.with("maxMessages", Recording.MAX_MESSAGES)
			.with("bytes", usage.bytes())
			.with("maxBytes", Recording.MAX_BYTES)
			.with("dropped", usage.dropped());
	}

	private List<JsonObject> unavailable() {
		List<JsonObject> unavailable = new ArrayList<>();
		this.unavailable.forEach((path, reason) -> unavailable.add(unavailable(path, reason)));
		ConsoleRuntime runtime = this.runtime;
		if (runtime != null && Boolean.FALSE.equals(runtime.clock().get("movable"))) {
			unavailable.add(unavailable("clock/advance",
					"The clock is real. Set 'statefun.local-runtime.clock' to 'ahead' to move it"));
		}
		return unavailable;
	}

	private static JsonObject unavailable(String path, String reason) {
		return new JsonObject().with("path", path).with("reason", reason);
	}

	/**
	 * The application.
	 *
	 * @param name its name, if it has one
	 * @param version its version, if it has one
	 * @param boot text that changes with each start
	 * @param startedAt when it was started
	 * @param flink whether the address of a cluster is known
	 * @param protocol generation of the clusters that it serves
	 * @param endpoint path of the endpoint for clusters, if there is one
	 */
	public record Application(@Nullable String name, @Nullable String version, String boot, Instant startedAt,
			boolean flink, String protocol, @Nullable String endpoint) {

	}

}
