package dev.statefun.spring.gateway.kafka;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import dev.statefun.spring.gateway.GatewayTransport;
import dev.statefun.spring.gateway.ReplyDestination;
import dev.statefun.spring.gateway.kafka.ReplyReader.ReaderState;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.util.Assert;

/**
 * Carries requests and replies over two topics of Kafka. Each application instance reads
 * all replies of its application and keeps its own. Kafka need not be there at the start:
 * the transport is ready when the topics have been reached.
 * <p>
 * Starts before web servers and listeners, and stops after them. Thread-safe.
 *
 * @since 0.1.0
 */
public final class KafkaGatewayTransport implements GatewayTransport, SmartLifecycle {

	/** Before Spring Boot's web servers, which start in the phase MAX_VALUE - 2048. */
	static final int PHASE = DEFAULT_PHASE - 4096;

	private static final Duration PARTITION_CHECK = Duration.ofSeconds(10);

	private static final long STOP_MILLIS = 5_000;

	private final KafkaConnection connection;

	private final GatewayTopics topics;

	private final Runnable topicCreation;

	private final Duration partitionCheck;

	private final ReplyDestination replyDestination;

	private final RequestSender sender;

	private final Object lock = new Object();

	private volatile Consumer<byte[]> replies = (reply) -> {
	};

	private volatile @Nullable ReplyReader reader;

	private @Nullable Thread thread;

	/**
	 * Create a transport.
	 * @param connection connection with Kafka
	 * @param topics topics of the gateway
	 * @param topicCreation called when a topic is missing at the start, to create it; may
	 * do nothing
	 */
	public KafkaGatewayTransport(KafkaConnection connection, GatewayTopics topics, Runnable topicCreation) {
		this(connection, topics, topicCreation, PARTITION_CHECK);
	}

	KafkaGatewayTransport(KafkaConnection connection, GatewayTopics topics, Runnable topicCreation,
			Duration partitionCheck) {
		Assert.notNull(connection, "'connection' must not be null");
		Assert.notNull(topics, "'topics' must not be null");
		Assert.notNull(topicCreation, "'topicCreation' must not be null");
		this.connection = connection;
		this.topics = topics;
		this.topicCreation = topicCreation;
		this.partitionCheck = partitionCheck;
		// Distinguishes this instance from others, and from former ones
		byte[] client = new byte[16];
		new SecureRandom().nextBytes(client);
		this.replyDestination = new ReplyDestination(topics.replies(), HexFormat.of().formatHex(client));
		this.sender = new RequestSender(connection.producer(), topics,
				"statefun-gateway-" + this.replyDestination.client());
	}

	@Override
	public ReplyDestination replyDestination() {
		return this.replyDestination;
	}

	@Override
	public void receive(Consumer<byte[]> replies) {
		Assert.notNull(replies, "'replies' must not be null");
		this.replies = replies;
	}

	@Override
	public boolean isReady() {
		ReplyReader reader = this.reader;
		return reader != null && reader.state().ready();
	}

	/**
	 * Return why no replies are read at the moment.
	 * @return the last problem, or {@code null} if there is none
	 */
	public @Nullable String problem() {
		ReplyReader reader = this.reader;
		if (reader == null) {
			return "not started";
		}
		ReaderState state = reader.state();
		return (state.problem() != null || state.ready()) ? state.problem() : "the topics have not been reached yet";
	}

	/**
	 * Return the partitions of the reply topic of which nothing is read at the moment.
	 * @return their numbers; empty if all are read, or if the topic was not reached yet
	 */
	public List<Integer> unreadPartitions() {
		ReplyReader reader = this.reader;
		return (reader != null) ? reader.unreadPartitions() : List.of();
	}

	/**
	 * Return the topics.
	 * @return the topics
	 */
	public GatewayTopics topics() {
		return this.topics;
	}

	@Override
	public CompletionStage<Void> send(String instance, byte[] request, Duration timeout) {
		return this.sender.send(instance, request, timeout);
	}

	@Override
	public void start() {
		synchronized (this.lock) {
			if (this.reader == null) {
				TopicLimits limits = new TopicLimits(this.connection.admin(), this.topics);
				ReplyReader reader = new ReplyReader(this.connection.consumer(), this.topics,
						this.replyDestination.client(), (reply) -> this.replies.accept(reply), this.topicCreation,
						limits::check, this.partitionCheck);
				this.sender.start();
				this.thread = reader.start();
				this.reader = reader;
			}
		}
	}

	@Override
	public void stop() {
		synchronized (this.lock) {
			ReplyReader reader = this.reader;
			Thread thread = this.thread;
			if (reader != null && thread != null) {
				reader.stop();
				this.sender.stop();
				try {
					thread.join(STOP_MILLIS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			this.reader = null;
			this.thread = null;
		}
	}

	@Override
	public boolean isRunning() {
		return this.reader != null;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
