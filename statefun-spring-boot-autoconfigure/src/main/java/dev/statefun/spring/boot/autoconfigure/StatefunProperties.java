package dev.statefun.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.Map;

import dev.statefun.sdk.handler.Protocol;
import dev.statefun.spring.FailureDecision;
import dev.statefun.spring.failure.DeadLetterFormat;
import dev.statefun.spring.failure.DeadLetterKind;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties for stateful functions.
 *
 * @param path Path of the endpoint that clusters call.
 * @param protocol Generation of the clusters to serve; with 'auto' each request tells by
 * its own bytes.
 * @param batchTimeout How long a whole request may take, its retries included, 0s to 7d;
 * 0 for any time. When not set, 5 seconds less than 'statefun.module.transport.call', or
 * 110 seconds for the asynchronous transport of clusters and 55 seconds for OkHttp.
 * @param invocationTimeout How long the handler of one message may take, 1ms to 7d; when
 * not set, as long as the whole request.
 * @param maxInFlight How many requests are handled at a time, 1 to 1000000; what comes
 * beyond waits.
 * @param maxInFlightBytes Size that the bodies of these requests may have together, 1B to
 * 1TB; when not set, a quarter of the heap, but as much as one request may have.
 * @param queueTimeout How long a request waits when there is no room for it, or another
 * batch of the same function instance runs, 0s to 7d; then it is answered with 429, and
 * the cluster sends it again.
 * @param maxRequestSize Maximum size of one request, 1B to 2047MB; when not set, 64MB,
 * but not more than a quarter of the heap.
 * @param readTimeout How long the body of a request may stand still while it arrives, 1ms
 * to 7d; then it is answered with 500, and its connection closed.
 * @param minReadRate How much of a body has to arrive per second, averaged over the body
 * after its first 10 seconds, 0B to 1GB; 0B for any rate.
 * @param maxReplySize Maximum size of one reply, 1B to 2047MB; the asynchronous transport
 * of clusters takes 32 MB by default.
 * @param redelivery Batches that a cluster sends again while they run.
 * @param failure What becomes of messages that failed.
 * @param functions Settings for single functions, by function type; what is left out is
 * as for all functions.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun")
public record StatefunProperties(@DefaultValue("/statefun") String path, @DefaultValue("auto") Protocol protocol,
		@Nullable Duration batchTimeout, @Nullable Duration invocationTimeout, @DefaultValue("1024") int maxInFlight,
		@Nullable DataSize maxInFlightBytes, @DefaultValue("5s") Duration queueTimeout,
		@Nullable DataSize maxRequestSize, @DefaultValue("20s") Duration readTimeout,
		@DefaultValue("16KB") DataSize minReadRate, @DefaultValue("32MB") DataSize maxReplySize,
		@DefaultValue Redelivery redelivery, @DefaultValue Failure failure,
		@DefaultValue Map<String, Function> functions) {

	private static final DataSize DEFAULT_REQUEST_SIZE = DataSize.ofMegabytes(64);

	private static final PropertyRange<DataSize> BODIES_SIZE = PropertyRange.ofSize("1B", "1TB");

	private static final PropertyRange<DataSize> RATE = PropertyRange.ofSize("0B", "1GB");

	/**
	 * Create the properties.
	 * @param path path of the endpoint
	 * @param protocol generation of the clusters to serve
	 * @param batchTimeout how long a whole request may take
	 * @param invocationTimeout how long the handler of one message may take
	 * @param maxInFlight how many requests are handled at a time
	 * @param maxInFlightBytes size that their bodies may have together
	 * @param queueTimeout how long a request waits
	 * @param maxRequestSize maximum size of one request
	 * @param readTimeout how long the body of a request may stand still
	 * @param minReadRate how much of a body has to arrive per second
	 * @param maxReplySize maximum size of one reply
	 * @param redelivery batches that a cluster sends again
	 * @param failure what becomes of messages that failed
	 * @param functions settings for single functions
	 */
	public StatefunProperties {
		Assert.isTrue(path.startsWith("/") && path.chars().noneMatch((c) -> "*?{}".indexOf(c) >= 0),
				() -> "'statefun.path' is '" + path + "'; expected a plain path that starts with '/'");
		PropertyRange.TIME.check("statefun.batch-timeout", batchTimeout);
		PropertyRange.POSITIVE_TIME.check("statefun.invocation-timeout", invocationTimeout);
		PropertyRange.COUNT.check("statefun.max-in-flight", maxInFlight);
		BODIES_SIZE.check("statefun.max-in-flight-bytes", maxInFlightBytes);
		PropertyRange.TIME.check("statefun.queue-timeout", queueTimeout);
		PropertyRange.BODY_SIZE.check("statefun.max-request-size", maxRequestSize);
		PropertyRange.POSITIVE_TIME.check("statefun.read-timeout", readTimeout);
		RATE.check("statefun.min-read-rate", minReadRate);
		PropertyRange.BODY_SIZE.check("statefun.max-reply-size", maxReplySize);
		Assert.isTrue(
				maxInFlightBytes == null || maxRequestSize == null || maxInFlightBytes.compareTo(maxRequestSize) >= 0,
				() -> "'statefun.max-in-flight-bytes' is " + maxInFlightBytes
						+ ", and one request may have more ('statefun.max-request-size' is " + maxRequestSize
						+ "); it would never be let in");
		failure.retry().check("statefun.failure.retry");
		functions = Map.copyOf(functions);
		functions.forEach((type, function) -> function.check("statefun.functions.\"[" + type + "]\""));
	}

	/**
	 * Return how many bytes one request may have.
	 * @return the limit that is set, or the default
	 */
	long maxRequestBytes() {
		if (this.maxRequestSize != null) {
			return this.maxRequestSize.toBytes();
		}
		long limit = Math.min(DEFAULT_REQUEST_SIZE.toBytes(), Runtime.getRuntime().maxMemory() / 4);
		return (this.maxInFlightBytes != null) ? Math.min(limit, this.maxInFlightBytes.toBytes()) : limit;
	}

	/**
	 * Return how many bytes the bodies in memory may have together.
	 * @return the limit that is set, or the default
	 */
	long maxBytesInFlight() {
		return (this.maxInFlightBytes != null) ? this.maxInFlightBytes.toBytes()
				: Math.max(Runtime.getRuntime().maxMemory() / 4, maxRequestBytes());
	}

	/**
	 * Batches that a cluster sends again, because it has given up waiting, while they
	 * run.
	 *
	 * @param keep How long a reply that could not be written is kept for the next
	 * delivery, and how long to wait for a handler that was given up, 0s to 7d; 0 for not
	 * at all.
	 * @param keepSize Size that such replies and their requests may have together; 0B to
	 * 1TB.
	 */
	public record Redelivery(@DefaultValue("30s") Duration keep, @DefaultValue("16MB") DataSize keepSize) {

		private static final PropertyRange<DataSize> KEPT_SIZE = PropertyRange.ofSize("0B", "1TB");

		/**
		 * Create the settings.
		 * @param keep how long a reply that could not be written is kept
		 * @param keepSize size that such replies may have together
		 */
		public Redelivery {
			PropertyRange.TIME.check("statefun.redelivery.keep", keep);
			KEPT_SIZE.check("statefun.redelivery.keep-size", keepSize);
		}

	}

	/**
	 * Settings for one function.
	 *
	 * @param failure What becomes of the function's messages that failed.
	 * @param maxConcurrency How many messages of the function are handled at a time, 1 to
	 * 1000000; when not set, any number.
	 */
	public record Function(@DefaultValue Failure failure, @Nullable Integer maxConcurrency) {

		private void check(String prefix) {
			PropertyRange.COUNT.check(prefix + ".max-concurrency", maxConcurrency());
			failure().retry().check(prefix + ".failure.retry");
		}

	}

	/**
	 * What becomes of messages that failed.
	 *
	 * @param policy What to do about a failed message, unless its exception has a
	 * decision of its own.
	 * @param exceptions What to do by class of the exception, which stands for its
	 * subclasses too.
	 * @param deadLetter Where dead letters are sent.
	 * @param retry How often a message is tried again before it counts as failed.
	 */
	public record Failure(@Nullable FailureDecision policy, @DefaultValue Map<String, FailureDecision> exceptions,
			@DefaultValue DeadLetter deadLetter, @DefaultValue Retry retry) {

		/**
		 * Create the settings.
		 * @param policy what to do about a failed message
		 * @param exceptions what to do by class of the exception
		 * @param deadLetter where dead letters are sent
		 * @param retry how often a message is tried again
		 */
		public Failure {
			exceptions = Map.copyOf(exceptions);
		}

	}

	/**
	 * How often a message is tried again within its batch. What is not set for a function
	 * is as for all.
	 *
	 * @param maxRetries How often a message is tried again before it counts as failed; 0
	 * to 1000000.
	 * @param delay Pause before the first retry; 0s to 7d.
	 * @param multiplier Factor by which each further pause is longer; 1.0 to 1000.0.
	 * @param maxDelay Longest pause before a retry; 1ms to 7d.
	 */
	public record Retry(@Nullable Integer maxRetries, @Nullable Duration delay, @Nullable Double multiplier,
			@Nullable Duration maxDelay) {

		private static final PropertyRange<Integer> RETRIES = PropertyRange.of(0, 1_000_000);

		private static final PropertyRange<Double> MULTIPLIER = PropertyRange.of(1.0, 1000.0);

		private void check(String prefix) {
			RETRIES.check(prefix + ".max-retries", maxRetries());
			PropertyRange.TIME.check(prefix + ".delay", delay());
			MULTIPLIER.check(prefix + ".multiplier", multiplier());
			PropertyRange.POSITIVE_TIME.check(prefix + ".max-delay", maxDelay());
		}

	}

	/**
	 * Where dead letters are sent.
	 *
	 * @param egress Egress that takes dead letters, as module.yaml names it.
	 * @param kind Kind of the egress that takes dead letters.
	 * @param topic Topic that dead letters are written to, if the egress is of the kind
	 * 'kafka'.
	 * @param format Form of the dead letters.
	 */
	public record DeadLetter(@Nullable String egress, @Nullable DeadLetterKind kind, @Nullable String topic,
			@Nullable DeadLetterFormat format) {

	}

}
