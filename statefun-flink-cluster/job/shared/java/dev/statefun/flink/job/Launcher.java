package dev.statefun.flink.job;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The process that has started the cluster. It keeps the messages from outside, and
 * receives the records that go there.
 */
final class Launcher implements Serializable {

	private static final long serialVersionUID = 1;

	private static final String NONE = "none";

	private static final int TIMEOUT_MILLIS = 10_000;

	private final String url;

	private final String token;

	private final int partitions;

	private final List<String> egresses;

	private final String pendingFolder;

	private Launcher(String url, String token, int partitions, List<String> egresses, String pendingFolder) {
		this.url = url;
		this.token = token;
		this.partitions = partitions;
		this.egresses = new ArrayList<>(egresses);
		this.pendingFolder = pendingFolder;
	}

	/**
	 * Read the arguments of the job.
	 * @param arguments arguments that the launcher has added
	 * @return the launcher
	 */
	static Launcher from(Map<String, String> arguments) {
		String egresses = argument("egresses", arguments);
		return new Launcher(argument("url", arguments), argument("token", arguments),
				Integer.parseInt(argument("partitions", arguments)),
				egresses.equals(NONE) ? List.of() : List.of(egresses.split(",")), argument("pending", arguments));
	}

	private static String argument(String name, Map<String, String> arguments) {
		String value = arguments.get("launcher-" + name);
		if (value == null) {
			throw new IllegalStateException(
					"The job has no argument --launcher-" + name + "; FlinkCluster.submit adds it");
		}
		return value;
	}

	int partitions() {
		return this.partitions;
	}

	List<String> egresses() {
		return this.egresses;
	}

	/**
	 * Return the folder for records of transactions that are not complete.
	 * @return its path, the same in all JVMs of the cluster
	 */
	String pendingFolder() {
		return this.pendingFolder;
	}

	/**
	 * Read messages.
	 * @param offsets for each partition, the number of its messages that were read
	 * @return the next messages, none if none arrive within half a second
	 * @throws IOException if the launcher does not answer
	 */
	List<IngressMessage> read(Map<Integer, Long> offsets) throws IOException {
		StringJoiner query = new StringJoiner(",");
		offsets.forEach((partition, offset) -> query.add(partition + ":" + offset));
		HttpURLConnection connection = connect("/ingress?offsets=" + query);
		requireSuccess(connection);
		List<IngressMessage> messages = new ArrayList<>();
		try (DataInputStream in = new DataInputStream(connection.getInputStream())) {
			int count = in.readInt();
			for (int i = 0; i < count; i++) {
				int partition = in.readInt();
				byte[] bytes = new byte[in.readInt()];
				in.readFully(bytes);
				messages.add(new IngressMessage(partition, bytes));
			}
		}
		return messages;
	}

	/**
	 * Hand over the records of a transaction. The launcher ignores a transaction that it
	 * has already.
	 * @param transaction id of the transaction
	 * @param records its records
	 * @throws IOException if the launcher does not confirm it
	 */
	void commit(String transaction, Path records) throws IOException {
		HttpURLConnection connection = connect("/egress?transaction=" + transaction);
		connection.setRequestMethod("POST");
		connection.setDoOutput(true);
		connection.setFixedLengthStreamingMode(Files.size(records));
		try (OutputStream out = connection.getOutputStream()) {
			Files.copy(records, out);
		}
		requireSuccess(connection);
	}

	private HttpURLConnection connect(String path) throws IOException {
		HttpURLConnection connection = (HttpURLConnection) URI.create(this.url + path).toURL().openConnection();
		connection.setConnectTimeout(TIMEOUT_MILLIS);
		connection.setReadTimeout(TIMEOUT_MILLIS);
		connection.setRequestProperty("Authorization", "Bearer " + this.token);
		return connection;
	}

	private static void requireSuccess(HttpURLConnection connection) throws IOException {
		int status = connection.getResponseCode();
		if (status != HttpURLConnection.HTTP_OK) {
			try (InputStream error = connection.getErrorStream()) {
				String text = (error != null) ? new String(error.readAllBytes(), StandardCharsets.UTF_8) : "";
				throw new IOException(
						"The launcher of the cluster answered " + status + " to " + connection.getURL() + ": " + text);
			}
		}
	}

	/**
	 * Message from outside.
	 *
	 * @param partition its partition
	 * @param bytes its target, type, value and headers
	 */
	record IngressMessage(int partition, byte[] bytes) {

	}

}
