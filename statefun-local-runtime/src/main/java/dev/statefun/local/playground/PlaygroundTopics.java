package dev.statefun.local.playground;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import com.google.protobuf.Any;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.statefun.local.Effects;
import dev.statefun.local.EgressMessage;
import dev.statefun.local.LocalRuntimeListener;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.failure.CauseChain;
import dev.statefun.sdk.http.HttpMessages;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the records that a local runtime's functions send to egresses until a client
 * takes them: a Kafka record under its topic, a Kinesis record under its stream, a record
 * of the playground under the topic it names, and any other under the id of its egress.
 * Add it to the runtime as a listener.
 * <p>
 * Each topic keeps a bounded number of payloads; when it is full, new ones are dropped.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class PlaygroundTopics implements LocalRuntimeListener {

	/** Default limit of payloads in a topic. */
	public static final int DEFAULT_LIMIT = 1 << 20;

	private static final Set<String> PRODUCER_RECORDS = Set.of("io.statefun.sdk.egress.KafkaProducerRecord",
			"io.statefun.sdk.egress.KinesisEgressRecord", "org.apache.flink.statefun.flink.io.KafkaProducerRecord",
			"org.apache.flink.statefun.flink.io.KinesisEgressRecord");

	private static final String PLAYGROUND_RECORD = "io.statefun.playground/EgressRecord";

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition arrived = this.lock.newCondition();

	private final Map<String, Topic> topics = new TreeMap<>();

	private final int limit;

	private final PlaygroundRecordReader reader;

	/** Replies of a gateway are for its clients. */
	private static final String GATEWAYS = "statefun.gateway/";

	private final Consumer<String> problems;

	private int waiting;

	/**
	 * Create topics that read the records of the playground with
	 * {@code protobuf-java-util} and log problems to the system's logger.
	 */
	public PlaygroundTopics() {
		this(PlaygroundRecordReader.protobuf(), PlaygroundTopics::log, DEFAULT_LIMIT);
	}

	/**
	 * Create topics.
	 * @param reader reader for the records of the playground
	 * @param problems receives a description of each record that could not be kept as
	 * intended
	 * @param limit maximum number of payloads in a topic, at least 1
	 */
	public PlaygroundTopics(PlaygroundRecordReader reader, Consumer<String> problems, int limit) {
		this.reader = Objects.requireNonNull(reader, "'reader' must not be null");
		this.problems = Objects.requireNonNull(problems, "'problems' must not be null");
		if (limit < 1) {
			throw new IllegalArgumentException("'limit' is " + limit + "; expected at least 1");
		}
		this.limit = limit;
	}

	private static void log(String problem) {
		System.getLogger(PlaygroundTopics.class.getName()).log(System.Logger.Level.WARNING, problem);
	}

	@Override
	public void replied(Effects effects) {
		for (EgressMessage message : effects.egress()) {
			if (!message.egress().startsWith(GATEWAYS)) {
				add(message.egress(), message.record(), message.headers());
			}
		}
	}

	/**
	 * Add a record.
	 * @param egress id of its egress
	 * @param record the record, as the function has sent it
	 */
	public void add(String egress, Any record) {
		add(egress, record, Headers.empty());
	}

	/**
	 * Add a record with headers.
	 * @param egress id of its egress
	 * @param record the record, as the function has sent it
	 * @param headers its headers
	 */
	public void add(String egress, Any record, Headers headers) {
		Content content = content(egress, record);
		add(content.topic(), new Payload(content.bytes(), headers));
	}

	// An unreadable record is kept under the id of its egress, so nothing is lost
	private Content content(String egress, Any record) {
		String typename = record.getTypeUrl();
		try {
			if (PRODUCER_RECORDS.contains(typename.substring(typename.lastIndexOf('/') + 1))) {
				return producerRecord(record);
			}
			if (typename.equals(PLAYGROUND_RECORD)) {
				PlaygroundRecord read = this.reader.read(record.getValue().toByteArray());
				return new Content(read.topic(), read.payload().getBytes(StandardCharsets.UTF_8));
			}
		}
		catch (LinkageError ex) {
			this.problems.accept(unreadable(egress, record) + " without '" + HttpMessages.JSON_LIBRARY
					+ "'. Add that dependency, or give a PlaygroundRecordReader");
		}
		catch (Exception ex) {
			this.problems.accept(unreadable(egress, record) + ": " + CauseChain.messageOf(ex));
		}
		return new Content(egress, record.getValue().toByteArray());
	}

	private static String unreadable(String egress, Any record) {
		return "A record of the type '" + record.getTypeUrl() + "' is kept under the name of its egress '" + egress
				+ "', as it can't be read";
	}

	// KafkaProducerRecord and KinesisEgressRecord (protocol.md §1): 2 is the value, 3 the
	// topic or stream
	private static Content producerRecord(Any record) throws IOException {
		String topic = "";
		byte[] value = {};
		CodedInputStream in = record.getValue().newCodedInput();
		for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
			switch (WireFormat.getTagFieldNumber(tag)) {
				case 2 -> value = in.readByteArray();
				case 3 -> topic = in.readStringRequireUtf8();
				default -> in.skipField(tag);
			}
		}
		if (topic.isEmpty()) {
			throw new IOException("it names no topic");
		}
		return new Content(topic, value);
	}

	private void add(String name, Payload payload) {
		boolean firstDropped = false;
		this.lock.lock();
		try {
			Topic topic = this.topics.computeIfAbsent(name, (key) -> new Topic());
			if (topic.payloads.size() < this.limit) {
				topic.payloads.add(payload);
				if (this.waiting > 0) {
					this.arrived.signalAll();
				}
			}
			else {
				firstDropped = !topic.dropped;
				topic.dropped = true;
			}
		}
		finally {
			this.lock.unlock();
		}
		if (firstDropped) {
			this.problems.accept("Topic '" + name + "' is full: with " + this.limit
					+ " payloads in it, new ones are dropped until some are taken");
		}
	}

	/**
	 * Remove and return the oldest payload of a topic; wait for one if there is none.
	 * @param topic name of the topic
	 * @param atMost how long to wait
	 * @return the payload, or empty if none arrived
	 * @throws InterruptedException if the thread is interrupted while it waits
	 */
	public Optional<byte[]> take(String topic, Duration atMost) throws InterruptedException {
		return takeWithHeaders(topic, atMost).map(Payload::bytes);
	}

	Optional<Payload> takeWithHeaders(String topic, Duration atMost) throws InterruptedException {
		// Saturates to centuries where the duration exceeds a long
		long left = TimeUnit.NANOSECONDS.convert(atMost);
		this.lock.lock();
		this.waiting++;
		try {
			Payload payload = poll(topic);
			while (payload == null && left > 0) {
				left = this.arrived.awaitNanos(left);
				payload = poll(topic);
			}
			return Optional.ofNullable(payload);
		}
		finally {
			this.waiting--;
			this.lock.unlock();
		}
	}

	private @Nullable Payload poll(String name) {
		Topic topic = this.topics.get(name);
		if (topic == null || topic.payloads.isEmpty()) {
			return null;
		}
		topic.dropped = false;
		return topic.payloads.poll();
	}

	/**
	 * Return the number of payloads in each topic used so far.
	 * @return the numbers by topic name, sorted
	 */
	public SortedMap<String, Integer> sizes() {
		this.lock.lock();
		try {
			SortedMap<String, Integer> sizes = new TreeMap<>();
			this.topics.forEach((name, topic) -> sizes.put(name, topic.payloads.size()));
			return sizes;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The payloads of one topic.
	 */
	private static final class Topic {

		private final ArrayDeque<Payload> payloads = new ArrayDeque<>();

		/** Whether a full topic was reported since a payload was last taken. */
		private boolean dropped;

	}

	/**
	 * A payload in a topic.
	 *
	 * @param bytes the bytes
	 * @param headers headers of its record
	 */
	record Payload(byte[] bytes, Headers headers) {

	}

	/**
	 * Content of a record.
	 *
	 * @param topic name of the topic
	 * @param bytes the payload
	 */
	private record Content(String topic, byte[] bytes) {

	}

}
