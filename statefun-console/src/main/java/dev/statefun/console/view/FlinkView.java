package dev.statefun.console.view;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.statefun.console.http.Answer;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.http.Routes;
import dev.statefun.console.payload.Payload;
import dev.statefun.sdk.failure.CauseChain;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The job of the cluster, by the REST interface of Flink.
 *
 * @since 0.1.0
 */
public final class FlinkView implements ConsoleView {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private static final int MAX_JOBS = 10;

	private static final int MAX_EXCEPTION = 16 << 10;

	private final URI url;

	private final HttpClient client = HttpClient.newBuilder()
		.connectTimeout(TIMEOUT)
		.followRedirects(HttpClient.Redirect.NEVER)
		.build();

	/**
	 * Create the part.
	 * @param url address of the REST interface
	 */
	public FlinkView(URI url) {
		String text = url.toString();
		this.url = text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : url;
	}

	@Override
	public void addTo(Routes routes) {
		routes.get("flink", (request) -> Answer.of(cluster()));
	}

	private JsonObject cluster() throws InterruptedException {
		JsonObject cluster = new JsonObject().with("url", this.url.toString());
		try {
			String version = text(read("/config").path("flink-version"));
			List<JsonObject> jobs = new ArrayList<>();
			for (JsonNode job : read("/jobs/overview").path("jobs")) {
				if (jobs.size() < MAX_JOBS) {
					jobs.add(job(job));
				}
			}
			return cluster.with("reachable", true).with("error", null).with("version", version).with("jobs", jobs);
		}
		catch (IOException | JacksonException ex) {
			String text = CauseChain.messageOf(ex);
			return cluster.with("reachable", false)
				.with("error", (text != null) ? text : ex.getClass().getSimpleName())
				.with("version", null)
				.with("jobs", List.of());
		}
	}

	private JsonObject job(JsonNode job) throws IOException, InterruptedException {
		String id = text(job.path("jid"));
		boolean valid = id != null && id.matches("[0-9a-f]{32}");
		return new JsonObject().with("id", id)
			.with("name", text(job.path("name")))
			.with("state", text(job.path("state")))
			.with("startedAt", time(job.path("start-time")))
			.with("durationMillis", job.path("duration").asLong(0))
			.with("checkpoints", valid ? checkpoints(id) : null)
			.with("exception", valid ? exception(id) : null);
	}

	private JsonObject checkpoints(@Nullable String id) throws IOException, InterruptedException {
		JsonNode checkpoints = read("/jobs/" + id + "/checkpoints");
		return new JsonObject().with("completed", checkpoints.path("counts").path("completed").asLong(0))
			.with("failed", checkpoints.path("counts").path("failed").asLong(0))
			.with("latestAt", time(checkpoints.path("latest").path("completed").path("latest_ack_timestamp")));
	}

	private @Nullable String exception(@Nullable String id) throws IOException, InterruptedException {
		JsonNode exceptions = read("/jobs/" + id + "/exceptions");
		String root = text(exceptions.path("root-exception"));
		String text = (root != null) ? root
				: text(exceptions.path("exceptionHistory").path("entries").path(0).path("stacktrace"));
		return (text != null) ? Payload.cut(text, MAX_EXCEPTION) : null;
	}

	private static @Nullable String text(JsonNode node) {
		return node.isString() ? node.stringValue() : null;
	}

	private static @Nullable Instant time(JsonNode node) {
		long millis = node.asLong(0);
		return (millis > 0) ? Instant.ofEpochMilli(millis) : null;
	}

	private JsonNode read(String path) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.url + path)).timeout(TIMEOUT).build();
		HttpResponse<byte[]> response = this.client.send(request, HttpResponse.BodyHandlers.ofByteArray());
		if (response.statusCode() != 200) {
			throw new IOException("GET " + path + " was answered with " + response.statusCode());
		}
		return JsonObject.mapper().readTree(response.body());
	}

}
