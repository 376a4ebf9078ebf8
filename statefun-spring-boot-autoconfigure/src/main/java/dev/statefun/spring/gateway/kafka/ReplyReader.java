package dev.statefun.spring.gateway.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.statefun.endpoint.failure.RateLimitedLog;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the replies to this application instance. It is assigned all partitions of the
 * reply topic, from their ends at the start, and belongs to no consumer group: each
 * instance reads all records and keeps those with its own key.
 * <p>
 * The thread outlives every failure. It keeps the positions itself, so that no reply is
 * lost when it has to create the consumer again.
 */
final class ReplyReader {

	private static final Log logger = LogFactory.getLog(ReplyReader.class);

	private static final Duration POLL = Duration.ofMillis(500);

	private static final Duration REQUEST = Duration.ofSeconds(5);

	private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);

	/** A topic that was just created is not seen at once. */
	private static final Duration GRACE = Duration.ofSeconds(1);

	/** How far records that a broker has lost may go back, with differing clocks. */
	private static final Duration LOST = Duration.ofMinutes(5);

	private final Map<String, Object> properties;

	private final GatewayTopics topics;

	private final byte[] client;

	private final java.util.function.Consumer<byte[]> replies;

	private final Runnable topicCreation;

	private final Runnable whenReady;

	private final Duration partitionCheck;

	private final Function<Map<String, Object>, Consumer<byte[], byte[]>> consumers;

	private final Map<TopicPartition, Long> positions = new HashMap<>();

	private final RateLimitedLog<String> warnings = new RateLimitedLog<>(InstantSource.system(), "others");

	private final CountDownLatch stopped = new CountDownLatch(1);

	private volatile ReaderState state = ReaderState.STARTING;

	private volatile @Nullable Consumer<byte[], byte[]> consumer;

	/** Partitions of which no replies are read at the moment. */
	private volatile List<Integer> unread = List.of();

	private Duration backoff = Duration.ZERO;

	private Instant lastSuccess = Instant.now();

	/**
	 * Create a reader.
	 * @param connection properties that connect with Kafka
	 * @param topics topics of the gateway
	 * @param client name of this instance, which is the key of its replies
	 * @param replies takes the bytes of each reply
	 * @param topicCreation creates the topics if they are missing
	 * @param whenReady called once, when all positions are known
	 * @param partitionCheck interval in which new partitions are looked for
	 */
	ReplyReader(Map<String, Object> connection, GatewayTopics topics, String client,
			java.util.function.Consumer<byte[]> replies, Runnable topicCreation, Runnable whenReady,
			Duration partitionCheck) {
		this(connection, topics, client, replies, topicCreation, whenReady, partitionCheck,
				(properties) -> new KafkaConsumer<>(properties, new ByteArrayDeserializer(),
						new ByteArrayDeserializer()));
	}

	ReplyReader(Map<String, Object> connection, GatewayTopics topics, String client,
			java.util.function.Consumer<byte[]> replies, Runnable topicCreation, Runnable whenReady,
			Duration partitionCheck, Function<Map<String, Object>, Consumer<byte[], byte[]>> consumers) {
		this.topics = topics;
		this.client = client.getBytes(StandardCharsets.UTF_8);
		this.replies = replies;
		this.topicCreation = topicCreation;
		this.whenReady = whenReady;
		this.partitionCheck = partitionCheck;
		this.consumers = consumers;
		Map<String, Object> properties = new HashMap<>(connection);
		properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "statefun-gateway-" + client);
		properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
		// Replies of a transaction that is rolled back are not replies
		properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
		// Where to go on is decided here
		properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
		properties.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, partitionCheck.toMillis());
		properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
				GatewayTopics.messageLimit(topics.maxReplySize()));
		this.properties = Map.copyOf(properties);
	}

	Thread start() {
		Thread thread = new Thread(this::run, "statefun-gateway-replies");
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	ReaderState state() {
		return this.state;
	}

	List<Integer> unreadPartitions() {
		return this.unread;
	}

	void stop() {
		this.stopped.countDown();
		Consumer<byte[], byte[]> consumer = this.consumer;
		if (consumer != null) {
			consumer.wakeup();
		}
	}

	private boolean isRunning() {
		return this.stopped.getCount() > 0;
	}

	private void run() {
		while (isRunning()) {
			try (Consumer<byte[], byte[]> consumer = this.consumers.apply(this.properties)) {
				this.consumer = consumer;
				read(consumer);
			}
			catch (WakeupException ex) {
				// Stopped
			}
			catch (Throwable ex) {
				// Also an Error: without this thread no request would get its reply
				failed(ex);
			}
			finally {
				this.consumer = null;
			}
		}
	}

	private void read(Consumer<byte[], byte[]> consumer) {
		resume(consumer);
		Metric connections = connections(consumer);
		long nextCheck = System.nanoTime();
		while (isRunning()) {
			try {
				if (System.nanoTime() - nextCheck >= 0) {
					if (!isAnyPartitionFound(consumer)) {
						continue;
					}
					nextCheck = System.nanoTime() + this.partitionCheck.toNanos();
				}
				consumer.poll(POLL).forEach(this::accept);
				this.positions.replaceAll((partition, former) -> consumer.position(partition, REQUEST));
				succeeded(connections);
			}
			catch (OffsetOutOfRangeException ex) {
				goOnWhereRecordsAre(consumer, ex.offsetOutOfRangePartitions());
			}
			catch (RetriableException ex) {
				// Such as a timeout: with the same consumer, as each new one logs its
				// settings
				failed(ex);
			}
		}
	}

	// Partitions that can't be reached must not keep the others from being read
	private boolean isAnyPartitionFound(Consumer<byte[], byte[]> consumer) {
		try {
			return findPartitions(consumer);
		}
		catch (RetriableException ex) {
			if (this.positions.isEmpty()) {
				throw ex;
			}
			warn("Failed to find new partitions of the topic '" + this.topics.replies() + "'", ex);
			return true;
		}
	}

	private void resume(Consumer<byte[], byte[]> consumer) {
		consumer.assign(this.positions.keySet());
		this.positions.forEach(consumer::seek);
	}

	private void accept(ConsumerRecord<byte[], byte[]> record) {
		byte[] value = record.value();
		if (value == null || !Arrays.equals(record.key(), this.client)) {
			return;
		}
		try {
			this.replies.accept(value);
		}
		catch (Throwable ex) {
			warn("Failed to handle a reply from the topic '" + this.topics.replies() + "'", ex);
		}
	}

	/**
	 * Add the partitions that are not assigned yet. At the start, they are read from
	 * their ends: no request has been sent. Later ones may have replies already.
	 * @param consumer the consumer
	 * @return whether there are partitions at all
	 */
	private boolean findPartitions(Consumer<byte[], byte[]> consumer) {
		List<PartitionInfo> found = partitions(consumer, this.topics.replies());
		boolean first = this.positions.isEmpty();
		// Also for the case that their offsets can't be found
		noticeUnread(found);
		// A topic that was just created may have no partitions yet
		if (found.isEmpty() || (first && partitions(consumer, this.topics.requests()).isEmpty())) {
			missing(found.isEmpty() ? this.topics.replies() : this.topics.requests());
			return false;
		}
		List<TopicPartition> added = new ArrayList<>(
				found.stream().map((info) -> new TopicPartition(info.topic(), info.partition())).toList());
		added.removeAll(this.positions.keySet());
		if (!added.isEmpty()) {
			Map<TopicPartition, Long> offsets = first ? consumer.endOffsets(added, REQUEST)
					: consumer.beginningOffsets(added, REQUEST);
			if (!offsets.keySet().containsAll(added)) {
				throw new IllegalStateException("Kafka did not tell the offsets of all partitions of the topic '"
						+ this.topics.replies() + "'");
			}
			this.positions.putAll(offsets);
			noticeUnread(found);
			resume(consumer);
			logger.info("Reading replies from " + this.positions.size() + " partitions of the topic '"
					+ this.topics.replies() + "'");
		}
		if (first) {
			this.state = ReaderState.READING;
			this.whenReady.run();
		}
		return true;
	}

	private static List<PartitionInfo> partitions(Consumer<byte[], byte[]> consumer, String topic) {
		List<PartitionInfo> partitions = consumer.partitionsFor(topic, REQUEST);
		return (partitions != null) ? partitions : List.of();
	}

	// A consumer waits without a failure for a partition whose brokers are all down
	private void noticeUnread(List<PartitionInfo> found) {
		this.unread = found.stream()
			.filter((info) -> info.leader() == null
					|| !this.positions.containsKey(new TopicPartition(info.topic(), info.partition())))
			.map(PartitionInfo::partition)
			.sorted()
			.toList();
	}

	private void missing(String topic) {
		String message = "The topic '" + topic
				+ "' does not exist, or can't be seen by this application; waiting for it";
		// A reply to a topic that is missing would fail the cluster's job
		this.state = ReaderState.STARTING.failed(message);
		if (this.backoff.compareTo(GRACE) > 0) {
			warn(message, null);
		}
		backOff();
		if (isRunning()) {
			this.topicCreation.run();
		}
	}

	// By retention, or because a broker has lost its last records
	private void goOnWhereRecordsAre(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> lost) {
		Map<TopicPartition, Long> first = consumer.beginningOffsets(lost.keySet(), REQUEST);
		Map<TopicPartition, Long> end = consumer.endOffsets(lost.keySet(), REQUEST);
		Map<TopicPartition, Long> times = new HashMap<>();
		lost.keySet().forEach((partition) -> times.put(partition, this.lastSuccess.minus(LOST).toEpochMilli()));
		Map<TopicPartition, OffsetAndTimestamp> recent = consumer.offsetsForTimes(times, REQUEST);
		lost.forEach((partition, position) -> {
			long oldest = first.getOrDefault(partition, 0L);
			OffsetAndTimestamp since = recent.get(partition);
			long later = (since != null) ? since.offset() : end.getOrDefault(partition, oldest);
			long next = (position < oldest) ? oldest : later;
			consumer.seek(partition, next);
			this.positions.put(partition, next);
			warn("Records of " + partition + " before the offset " + position
					+ " or from it on are lost; replies may be among them. Reading on at " + next, null);
		});
	}

	private void succeeded(Metric connections) {
		if (((Double) connections.metricValue()) == 0) {
			// A consumer waits for its brokers without a failure
			this.state = this.state.failed("no broker is connected");
			return;
		}
		this.lastSuccess = Instant.now();
		this.backoff = Duration.ZERO;
		List<Integer> unread = this.unread;
		this.state = unread.isEmpty() ? ReaderState.READING : ReaderState.READING
			.failed("the partitions " + unread + " of the topic '" + this.topics.replies() + "' can't be read");
	}

	private static Metric connections(Consumer<byte[], byte[]> consumer) {
		return consumer.metrics()
			.values()
			.stream()
			.filter((metric) -> metric.metricName().name().equals("connection-count"))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("Kafka's consumer has no metric 'connection-count'"));
	}

	private void failed(Throwable cause) {
		String message = "Failed to read replies from the topic '" + this.topics.replies() + "'";
		this.state = this.state.failed(message + ": " + cause);
		if (isRunning()) {
			warn(message + "; trying again", cause);
		}
		backOff();
	}

	private void backOff() {
		this.backoff = this.backoff.isZero() ? Duration.ofMillis(100) : this.backoff.multipliedBy(2);
		this.backoff = (this.backoff.compareTo(MAX_BACKOFF) < 0) ? this.backoff : MAX_BACKOFF;
		try {
			this.stopped.await(this.backoff.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			// The thread ends when this is stopped
		}
	}

	private void warn(String message, @Nullable Throwable cause) {
		this.warnings.log(message,
				(suppressed) -> logger.warn(RateLimitedLog.withSuppressed(message, suppressed), cause));
	}

	/**
	 * State of the reader.
	 *
	 * @param ready whether the positions are known, so that no reply is missed
	 * @param problem why nothing is read at the moment, or {@code null}
	 */
	record ReaderState(boolean ready, @Nullable String problem) {

		private static final ReaderState STARTING = new ReaderState(false, null);

		private static final ReaderState READING = new ReaderState(true, null);

		private ReaderState failed(String problem) {
			return new ReaderState(this.ready, problem);
		}

	}

}
