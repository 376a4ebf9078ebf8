package dev.statefun.flink.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serial;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls the REST API of a JobManager.
 */
final class JobManagerClient {

	private static final String BOUNDARY = "statefun-flink-cluster";

	private static final JsonMapper json = new JsonMapper();

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(5))
		.build();

	private final String url;

	JobManagerClient(String url) {
		this.url = url;
	}

	/**
	 * Return the number of TaskManagers that have registered.
	 * @return the number, or -1 if the JobManager does not answer yet
	 */
	int taskManagers() {
		try {
			return get("/overview").path("taskmanagers").intValue();
		}
		catch (IOException | FlinkClusterException ex) {
			return -1;
		}
	}

	String upload(Path jar) throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		body.writeBytes(
				ascii("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"job.jar\""
						+ "\r\nContent-Type: application/x-java-archive\r\n\r\n"));
		body.writeBytes(Files.readAllBytes(jar));
		body.writeBytes(ascii("\r\n--" + BOUNDARY + "--\r\n"));
		String file = send(HttpRequest.newBuilder(URI.create(this.url + "/jars/upload"))
			.header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
			.POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))).path("filename").stringValue();
		return file.substring(file.lastIndexOf('/') + 1);
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	String run(String jar, List<String> arguments, int parallelism, @Nullable String savepoint) throws IOException {
		Map<String, Object> request = new TreeMap<>(
				Map.of("entryClass", JobArchive.PROGRAM, "programArgsList", arguments, "parallelism", parallelism));
		if (savepoint != null) {
			request.put("savepointPath", savepoint);
		}
		return post("/jars/" + jar + "/run", request).path("jobid").stringValue();
	}

	JobStatus status(String job) {
		try {
			JsonNode state = get("/jobs/" + job);
			int running = 0;
			int tasks = 0;
			for (JsonNode vertex : state.path("vertices")) {
				tasks += vertex.path("parallelism").intValue();
				running += vertex.path("tasks").path("RUNNING").asInt(0);
			}
			return new JobStatus(state.path("state").stringValue(), running, tasks);
		}
		catch (NotFoundException ex) {
			return JobStatus.LOST;
		}
		catch (IOException | FlinkClusterException ex) {
			return JobStatus.UNKNOWN;
		}
	}

	String lastFailure(String job) {
		try {
			return get("/jobs/" + job + "/exceptions").path("root-exception").asString("");
		}
		catch (IOException | FlinkClusterException ex) {
			return "";
		}
	}

	/**
	 * Return metrics of a job.
	 * @param job id of the job
	 * @param names names of the metrics, or none for all
	 * @return the values by name, empty if the JobManager does not answer
	 */
	Map<String, Double> metrics(String job, Collection<String> names) {
		String path = "/jobs/" + job + "/metrics";
		Map<String, Double> values = new TreeMap<>();
		try {
			Collection<String> wanted = names.isEmpty()
					? get(path).valueStream().map((metric) -> metric.path("id").stringValue()).toList() : names;
			for (JsonNode metric : get(path + "?get=" + String.join(",", wanted))) {
				values.put(metric.path("id").stringValue(), metric.path("value").asDouble(0));
			}
		}
		catch (IOException | FlinkClusterException ex) {
			return Map.of();
		}
		return values;
	}

	String stopWithSavepoint(String id, Path folder) throws IOException {
		return post("/jobs/" + id + "/stop", Map.of("targetDirectory", folder.toUri().toString(), "drain", false))
			.path("request-id")
			.stringValue();
	}

	String cancelWithSavepoint(String id, Path folder) throws IOException {
		return post("/jobs/" + id + "/savepoints",
				Map.of("target-directory", folder.toUri().toString(), "cancel-job", true))
			.path("request-id")
			.stringValue();
	}

	/**
	 * Return the result of a savepoint.
	 * @param job id of the job
	 * @param request id of the request
	 * @return its location or its failure, empty while it is not complete
	 */
	Optional<JsonNode> savepoint(String job, String request) {
		try {
			JsonNode savepoint = get("/jobs/" + job + "/savepoints/" + request);
			return savepoint.path("status").path("id").asString("").equals("COMPLETED")
					? Optional.of(savepoint.path("operation")) : Optional.empty();
		}
		catch (IOException ex) {
			return Optional.empty();
		}
	}

	void cancel(String job) {
		try {
			send(HttpRequest.newBuilder(URI.create(this.url + "/jobs/" + job + "?mode=cancel"))
				.method("PATCH", HttpRequest.BodyPublishers.noBody()));
		}
		catch (IOException ex) {
			throw new FlinkClusterException("The job " + job + " could not be cancelled", ex);
		}
	}

	private JsonNode get(String path) throws IOException {
		return send(HttpRequest.newBuilder(URI.create(this.url + path)).GET());
	}

	private JsonNode post(String path, Map<String, ?> body) throws IOException {
		return send(HttpRequest.newBuilder(URI.create(this.url + path))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body))));
	}

	private JsonNode send(HttpRequest.Builder builder) throws IOException {
		HttpRequest request = builder.timeout(Duration.ofSeconds(60)).build();
		HttpResponse<String> response;
		try {
			response = this.http.send(request, HttpResponse.BodyHandlers.ofString());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new FlinkClusterException("Interrupted while the JobManager was called", ex);
		}
		if (response.statusCode() == 404) {
			throw new NotFoundException(request.uri() + ": " + response.body());
		}
		if (response.statusCode() / 100 != 2) {
			throw new FlinkClusterException("The JobManager answered " + response.statusCode() + " to "
					+ request.method() + " " + request.uri() + ": " + response.body().replace("\\n", "\n"));
		}
		return response.body().isEmpty() ? json.createObjectNode() : json.readTree(response.body());
	}

	/**
	 * Thrown if the JobManager has no such job.
	 */
	private static final class NotFoundException extends IOException {

		@Serial
		private static final long serialVersionUID = 1L;

		NotFoundException(String message) {
			super(message);
		}

	}

}
