package dev.statefun.test;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import com.google.protobuf.Any;
import dev.statefun.flink.cluster.CommittedRecord;
import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.TargetAddress;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.client.FunctionClient;
import dev.statefun.spring.client.FunctionClient.RequestSpec;
import dev.statefun.spring.client.FunctionRequestException;
import dev.statefun.spring.client.FunctionRequestException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages to the functions that a {@link FlinkCluster} runs, takes the records
 * that they send to egresses, and returns their replies.
 *
 * <pre class="code">
 * tester.send(user).to("example/count", "joe");
 * assertThat(tester.take("example/greets", 1, SentKafkaRecord.class)).singleElement()
 * 	.extracting(SentKafkaRecord::text)
 * 	.isEqualTo("Hello Joe");
 * </pre>
 * <p>
 * A cluster keeps its states between tests: use ids of their own. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class FlinkClusterTester {

	private static final int MAX_LINES = 20;

	private final FlinkCluster cluster;

	private final Decoder decoder;

	private final @Nullable FunctionClient client;

	private final Map<String, Integer> taken = new HashMap<>();

	private Duration timeout = Duration.ofSeconds(30);

	private FlinkClusterTester(FlinkCluster cluster, Decoder decoder, @Nullable FunctionClient client) {
		this.cluster = cluster;
		this.decoder = decoder;
		this.client = client;
	}

	/**
	 * Create a tester that makes no requests.
	 * @param cluster the cluster, which has a job
	 * @param functions the functions, whose mappings encode and decode messages
	 * @return the tester
	 */
	public static FlinkClusterTester of(FlinkCluster cluster, StatefulFunctions functions) {
		Objects.requireNonNull(cluster, "'cluster' must not be null");
		return new FlinkClusterTester(cluster, new Decoder(functions, Protocol.V3), null);
	}

	/**
	 * Create a tester.
	 * @param cluster the cluster, which has a job
	 * @param functions the functions, whose mappings encode and decode messages
	 * @param client makes requests through the gateway of the application
	 * @return the tester
	 */
	public static FlinkClusterTester of(FlinkCluster cluster, StatefulFunctions functions, FunctionClient client) {
		Objects.requireNonNull(cluster, "'cluster' must not be null");
		Objects.requireNonNull(client, "'client' must not be null");
		return new FlinkClusterTester(cluster, new Decoder(functions, Protocol.V3), client);
	}

	/**
	 * Wait longer, or not as long, for records and replies; 30 seconds unless set.
	 * @param timeout the limit
	 * @return this tester
	 */
	public FlinkClusterTester timeout(Duration timeout) {
		this.timeout = Objects.requireNonNull(timeout, "'timeout' must not be null");
		return this;
	}

	/**
	 * Send a message, in the second step to a function.
	 * @param message an object with a mapping, or an {@link Any}
	 * @return the message, to be sent
	 * @throws IllegalArgumentException if the message can't be encoded
	 */
	public Message send(Object message) {
		return new Message(this.decoder.encode(message), Headers.empty());
	}

	/**
	 * Send a message through the gateway of the application, and wait for the reply.
	 * @param <R> type of the reply
	 * @param typename type of the function, {@code <namespace>/<name>}
	 * @param id id of its instance; must not be empty
	 * @param message an object with a mapping, or an {@link Any}
	 * @param reply type of the reply, or {@link Any} for any message in its raw form
	 * @return the reply
	 * @throws AssertionError if there is no reply in time
	 * @throws FunctionRequestException if there can be no reply: for example with the
	 * reason {@code FAILED} if the function has skipped the message or made it a dead
	 * letter
	 * @throws IllegalArgumentException if the type is of another form, the id is empty,
	 * or a type has no mapping
	 * @throws IllegalStateException if the application has no gateway
	 */
	public <R> R request(String typename, String id, Object message, Class<R> reply) {
		return request(Address.of(FunctionType.parse(typename), id), message, reply);
	}

	/**
	 * Send a message through the gateway of the application, and wait for the reply.
	 * @param <R> type of the reply
	 * @param target address of the function instance; its id must not be empty
	 * @param message an object with a mapping, or an {@link Any}
	 * @param reply type of the reply, or {@link Any} for any message in its raw form
	 * @return the reply
	 * @throws AssertionError as by {@link #request(String, String, Object, Class)}
	 * @throws FunctionRequestException as by
	 * {@link #request(String, String, Object, Class)}
	 * @throws IllegalArgumentException as by
	 * {@link #request(String, String, Object, Class)}
	 * @throws IllegalStateException if the application has no gateway
	 */
	public <R> R request(Address target, Object message, Class<R> reply) {
		return request(client().to(target), target, message, reply);
	}

	/**
	 * Send a message to a typed target through the gateway of the application, and wait
	 * for the reply.
	 * @param <M> type of the messages that the target takes
	 * @param <R> type of the reply
	 * @param target address of the function instance; its id must not be empty
	 * @param message the message
	 * @param reply type of the reply, or {@link Any} for any message in its raw form
	 * @return the reply
	 * @throws AssertionError as by {@link #request(String, String, Object, Class)}
	 * @throws FunctionRequestException as by
	 * {@link #request(String, String, Object, Class)}
	 * @throws IllegalArgumentException as by
	 * {@link #request(String, String, Object, Class)}, or if the function does not take
	 * all messages of the target
	 * @throws IllegalStateException if the application has no gateway
	 */
	public <M, R> R request(TargetAddress<M> target, M message, Class<R> reply) {
		return request(client().to(target), target.address(), message, reply);
	}

	private FunctionClient client() {
		if (this.client == null) {
			throw new IllegalStateException("There is no gateway for requests: set 'statefun.gateway.enabled' to true, "
					+ "for example in the properties of @SpringBootTest, or create the tester with a FunctionClient");
		}
		return this.client;
	}

	private <M, R> R request(RequestSpec<M> spec, Address target, M message, Class<R> reply) {
		try {
			return spec.timeout(this.timeout).call(message, reply);
		}
		catch (FunctionRequestException ex) {
			if (ex.reason() != Reason.TIMED_OUT) {
				throw ex;
			}
			throw new AssertionError("Expected a reply of '" + target + "' within " + this.timeout.toSeconds()
					+ " s, found none. " + stateOfJob(), ex);
		}
	}

	private String stateOfJob() {
		return "The job is " + this.cluster.jobStatus().state() + " and has started again " + this.cluster.restarts()
				+ " times. Its last failure: "
				+ this.cluster.lastFailure().lines().limit(MAX_LINES).collect(Collectors.joining("\n"));
	}

	/**
	 * Take the next records of an egress that this tester has not taken yet. Records of a
	 * function appear at the end of a checkpoint, by default once a second.
	 * @param <T> type of the records
	 * @param egress id of the egress, {@code <namespace>/<name>}
	 * @param number number of records to wait for
	 * @param type type of the records: one with a mapping, {@link Any},
	 * {@link SentKafkaRecord} or {@link SentKinesisRecord}; {@link CommittedRecord} for
	 * those of any type with their headers
	 * @return that many records, in order
	 * @throws AssertionError if fewer arrive in time, or one is of another type
	 */
	public <T> List<T> take(String egress, int number, Class<T> type) {
		int begin = this.taken.getOrDefault(egress, 0);
		List<CommittedRecord> records = await(egress, begin + number, begin);
		this.taken.put(egress, begin + number);
		return records.subList(begin, begin + number).stream().map((record) -> decode(record, type)).toList();
	}

	private List<CommittedRecord> await(String egress, int number, int taken) {
		long end = System.nanoTime() + this.timeout.toNanos();
		List<CommittedRecord> records = this.cluster.records(egress);
		while (records.size() < number) {
			if (System.nanoTime() > end) {
				throw new AssertionError("Expected " + (number - taken) + " more records of the egress '" + egress
						+ "' within " + this.timeout.toSeconds() + " s, found "
						+ records.stream().skip(taken).map((record) -> this.decoder.describe(record.value())).toList()
						+ ". " + stateOfJob());
			}
			try {
				TimeUnit.MILLISECONDS.sleep(20);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException("Interrupted while waiting for records", ex);
			}
			records = this.cluster.records(egress);
		}
		return records;
	}

	private <T> T decode(CommittedRecord record, Class<T> type) {
		Object decoded;
		if (type == CommittedRecord.class) {
			decoded = record;
		}
		else if (type == SentKafkaRecord.class) {
			decoded = SentKafkaRecord.from(record.value());
		}
		else if (type == SentKinesisRecord.class) {
			decoded = SentKinesisRecord.from(record.value());
		}
		else {
			decoded = this.decoder.isOf(type, record.value()) ? this.decoder.decode(record.value(), type) : null;
		}
		if (decoded == null) {
			throw new AssertionError("Expected a record of the type '" + type.getName() + "' at the egress '"
					+ record.egress() + "', found " + this.decoder.describe(record.value()));
		}
		return type.cast(decoded);
	}

	/**
	 * A message to be sent.
	 */
	public final class Message {

		private final Any message;

		private final Headers headers;

		private Message(Any message, Headers headers) {
			this.message = message;
			this.headers = headers;
		}

		/**
		 * Add a header. It replaces one with the same key.
		 * @param key key of the header
		 * @param value its value
		 * @return the message, to be sent
		 * @throws IllegalArgumentException if the key is not valid, or there are too many
		 * headers
		 */
		public Message withHeader(String key, String value) {
			return withHeaders(Headers.of(key, value));
		}

		/**
		 * Add headers. They replace those with the same keys.
		 * @param headers the headers
		 * @return the message, to be sent
		 * @throws IllegalArgumentException if there are too many headers
		 */
		public Message withHeaders(Headers headers) {
			return new Message(this.message, this.headers.and(headers));
		}

		/**
		 * Send the message. It is delivered once, even if JVMs are killed.
		 * @param typename type of the function, {@code <namespace>/<name>}
		 * @param id id of its instance
		 * @throws IllegalArgumentException if the type is of another form
		 */
		public void to(String typename, String id) {
			FlinkClusterTester.this.cluster.send(Address.of(FunctionType.parse(typename), id), this.message,
					this.headers);
		}

	}

}
