package dev.statefun.spring.gateway.kafka;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import dev.statefun.endpoint.failure.RateLimitedLog;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes requests to the gateway's topic. Callers never wait: a thread of its own hands
 * the requests to the producer, in the order of the calls, since the producer blocks
 * while it does not know the topic's partitions or its buffer is full.
 */
final class RequestSender {

	private static final Log logger = LogFactory.getLog(RequestSender.class);

	/** Size of all requests that wait for the producer. */
	private static final long MAX_QUEUED_BYTES = 64 * 1024 * 1024;

	private static final int PRODUCER_BUFFER = 32 * 1024 * 1024;

	private static final Duration MAX_BLOCK = Duration.ofSeconds(5);

	private static final Duration DELIVERY = Duration.ofSeconds(30);

	private static final Duration DRAIN = Duration.ofSeconds(2);

	private static final Duration CLOSE = Duration.ofSeconds(5);

	private final Map<String, Object> properties;

	private final GatewayTopics topics;

	private final BlockingQueue<Sending> queue = new LinkedBlockingQueue<>();

	private final AtomicLong queuedBytes = new AtomicLong();

	private final RateLimitedLog<String> warnings = new RateLimitedLog<>(InstantSource.system(), "others");

	private volatile boolean running;

	private volatile long end;

	private @Nullable Thread thread;

	// Only for the thread
	private @Nullable Producer<String, byte[]> producer;

	RequestSender(Map<String, Object> connection, GatewayTopics topics, String clientId) {
		this.topics = topics;
		Map<String, Object> properties = new HashMap<>(connection);
		properties.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
		properties.put(ProducerConfig.ACKS_CONFIG, "all");
		// Keeps the order although requests are sent again
		properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
		properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
		properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis());
		properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
		properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY.toMillis());
		int largest = GatewayTopics.recordSize(topics.maxRequestSize());
		properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, GatewayTopics.messageLimit(topics.maxRequestSize()));
		properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(PRODUCER_BUFFER, 2L * largest));
		this.properties = Map.copyOf(properties);
	}

	void start() {
		this.running = true;
		Thread thread = new Thread(this::run, "statefun-gateway-requests");
		thread.setDaemon(true);
		this.thread = thread;
		thread.start();
	}

	CompletionStage<Void> send(String instance, byte[] request, Duration timeout) {
		if (!this.running) {
			return CompletableFuture
				.failedFuture(new IllegalStateException("The client is not started, or is stopped; nothing was sent"));
		}
		if (this.queuedBytes.addAndGet(queuedSize(request)) > MAX_QUEUED_BYTES) {
			this.queuedBytes.addAndGet(-queuedSize(request));
			return CompletableFuture
				.failedFuture(new IllegalStateException("Kafka takes requests more slowly than they come, and "
						+ MAX_QUEUED_BYTES / (1024 * 1024) + " MB wait already; nothing was sent"));
		}
		Sending sending = new Sending(instance, request, new CompletableFuture<>(), new AtomicBoolean());
		CompletionStage<Void> result = sending.result(this.topics.requests(), timeout);
		this.queue.add(sending);
		return result;
	}

	// With the objects around it
	private static long queuedSize(byte[] request) {
		return request.length + 1024L;
	}

	private void run() {
		while (this.running || isDraining()) {
			try {
				Sending next = this.queue.take();
				this.queuedBytes.addAndGet(-queuedSize(next.request));
				// One that timed out is not sent any more
				if (next.taken.compareAndSet(false, true)) {
					hand(next);
				}
			}
			catch (InterruptedException ex) {
				// The loop ends if this was stopped
			}
			catch (Throwable ex) {
				warn("Failed to send requests to the topic '" + this.topics.requests() + "'", ex);
			}
		}
		failQueued();
		closeProducer();
	}

	private boolean isDraining() {
		return !this.queue.isEmpty() && System.nanoTime() - this.end < 0;
	}

	private void hand(Sending next) {
		try {
			Producer<String, byte[]> producer = this.producer;
			if (producer == null) {
				producer = new KafkaProducer<>(this.properties, new StringSerializer(), new ByteArraySerializer());
				this.producer = producer;
			}
			producer.send(new ProducerRecord<>(this.topics.requests(), next.instance, next.request),
					(written, ex) -> next.end(ex));
		}
		catch (RuntimeException | Error ex) {
			next.end(ex);
			// What concerns a single record goes to its callback: this producer is of
			// no use any more
			closeProducer();
			throw ex;
		}
	}

	private void closeProducer() {
		Producer<String, byte[]> producer = this.producer;
		this.producer = null;
		if (producer != null) {
			try {
				producer.close(CLOSE);
			}
			catch (RuntimeException ex) {
				warn("Failed to close the producer of the gateway's requests", ex);
			}
		}
	}

	private void failQueued() {
		for (Sending next = this.queue.poll(); next != null; next = this.queue.poll()) {
			this.queuedBytes.addAndGet(-queuedSize(next.request));
			if (next.taken.compareAndSet(false, true)) {
				next.done.completeExceptionally(new IllegalStateException("The client is stopped; nothing was sent"));
			}
		}
	}

	/**
	 * Stop after the requests that wait already, or after some seconds.
	 */
	void stop() {
		this.end = System.nanoTime() + DRAIN.toNanos();
		this.running = false;
		this.queuedBytes.addAndGet(queuedSize(Sending.NONE.request));
		this.queue.add(Sending.NONE);
		Thread thread = this.thread;
		if (thread != null) {
			try {
				thread.join(DRAIN.plus(MAX_BLOCK).plus(CLOSE).toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.thread = null;
		}
	}

	private void warn(String message, @Nullable Throwable cause) {
		this.warnings.log(message,
				(suppressed) -> logger.warn(RateLimitedLog.withSuppressed(message, suppressed), cause));
	}

	/**
	 * A request on its way.
	 *
	 * @param instance key of the record
	 * @param request value of the record
	 * @param done completed when the record is written
	 * @param taken whether the record is with the producer, or will never be
	 */
	private record Sending(String instance, byte[] request, CompletableFuture<Void> done, AtomicBoolean taken) {

		// Wakes the thread
		private static final Sending NONE = new Sending("", new byte[0], new CompletableFuture<>(),
				new AtomicBoolean(true));

		void end(@Nullable Throwable failure) {
			if (failure != null) {
				this.done.completeExceptionally(failure);
			}
			else {
				this.done.complete(null);
			}
		}

		CompletionStage<Void> result(String topic, Duration timeout) {
			return this.done.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).exceptionallyCompose((ex) -> {
				Throwable cause = (ex instanceof CompletionException && ex.getCause() != null) ? ex.getCause() : ex;
				return CompletableFuture
					.failedFuture((cause instanceof TimeoutException) ? timedOut(topic, timeout) : cause);
			});
		}

		private TimeoutException timedOut(String topic, Duration timeout) {
			String fate = this.taken.compareAndSet(false, true) ? "nothing was sent"
					: "it is unknown whether it was sent";
			return new TimeoutException("Kafka did not confirm the request on the topic '" + topic + "' within "
					+ timeout.toMillis() + " ms; " + fate);
		}

	}

}
