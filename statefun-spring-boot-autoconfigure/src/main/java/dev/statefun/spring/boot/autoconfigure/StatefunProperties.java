package dev.statefun.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.Map;

import dev.statefun.sdk.Protocol;
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
 * @param batchTimeout How long a whole request may take, its retries included; 0 for any
 * time. When not set, 5 seconds less than 'statefun.module.transport.call', or 110
 * seconds for the asynchronous transport of clusters and 55 seconds for OkHttp.
 * @param invocationTimeout How long the handler of one message may take; when not set, as
 * long as the whole request.
 * @param maxInFlight How many requests are handled at a time; what comes beyond waits.
 * @param maxInFlightBytes Size that the bodies of these requests may have together; when
 * not set, a quarter of the heap, but as much as one request may have.
 * @param queueTimeout How long a request waits when there is no room for it, or another
 * batch of the same function instance runs; then it is answered with 429, and the cluster
 * sends it again.
 * @param maxRequestSize Maximum size of one request.
 * @param maxReplySize Maximum size of one reply; the asynchronous transport of clusters
 * takes 32 MB by default.
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
		@DefaultValue("64MB") DataSize maxRequestSize, @DefaultValue("32MB") DataSize maxReplySize,
		@DefaultValue Redelivery redelivery, @DefaultValue Failure failure,
		@DefaultValue Map<String, Function> functions) {

	private static final long MAX_BODY = Integer.MAX_VALUE - 1024;

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
	 * @param maxReplySize maximum size of one reply
	 * @param redelivery batches that a cluster sends again
	 * @param failure what becomes of messages that failed
	 * @param functions settings for single functions
	 */
	public StatefunProperties {
		Assert.isTrue(path.startsWith("/") && path.chars().noneMatch((c) -> "*?{}".indexOf(c) >= 0),
				() -> "'statefun.path' is '" + path + "'; expected a plain path that starts with '/'");
		Assert.isTrue(batchTimeout == null || !batchTimeout.isNegative(),
				() -> "'statefun.batch-timeout' is " + batchTimeout + "; expected a positive time, or 0 for any");
		Assert.isTrue(invocationTimeout == null || !invocationTimeout.isNegative() && !invocationTimeout.isZero(),
				() -> "'statefun.invocation-timeout' is " + invocationTimeout + "; expected a positive time");
		Assert.isTrue(maxInFlight > 0, () -> "'statefun.max-in-flight' is " + maxInFlight + "; expected at least 1");
		Assert.isTrue(!queueTimeout.isNegative(),
				() -> "'statefun.queue-timeout' is " + queueTimeout + "; expected a positive time, or 0 for none");
		requireBodySize(maxRequestSize, "statefun.max-request-size");
		requireBodySize(maxReplySize, "statefun.max-reply-size");
		Assert.isTrue(maxInFlightBytes == null || maxInFlightBytes.compareTo(maxRequestSize) >= 0,
				() -> "'statefun.max-in-flight-bytes' is " + maxInFlightBytes
						+ ", and one request may have more ('statefun.max-request-size' is " + maxRequestSize
						+ "); it would never be let in");
		functions = Map.copyOf(functions);
	}

	private static void requireBodySize(DataSize size, String property) {
		Assert.isTrue(size.toBytes() > 0 && size.toBytes() <= MAX_BODY,
				() -> "'" + property + "' is " + size + "; expected at least 1B, and less than 2GB");
	}

	/**
	 * Batches that a cluster sends again, because it has given up waiting, while they
	 * run.
	 *
	 * @param keep How long a reply that could not be written is kept for the next
	 * delivery, and how long to wait for a handler that was given up; 0 for not at all.
	 * @param keepSize Size that such replies and their requests may have together.
	 */
	public record Redelivery(@DefaultValue("30s") Duration keep, @DefaultValue("16MB") DataSize keepSize) {

		/**
		 * Create the settings.
		 * @param keep how long a reply that could not be written is kept
		 * @param keepSize size that such replies may have together
		 */
		public Redelivery {
			Assert.isTrue(!keep.isNegative(),
					() -> "'statefun.redelivery.keep' is " + keep + "; expected a positive time, or 0 for none");
			Assert.isTrue(!keepSize.isNegative(),
					() -> "'statefun.redelivery.keep-size' is " + keepSize + "; expected 0 or more");
		}

	}

	/**
	 * Settings for one function.
	 *
	 * @param failure What becomes of the function's messages that failed.
	 * @param maxConcurrency How many messages of the function are handled at a time; when
	 * not set, any number.
	 */
	public record Function(@DefaultValue Failure failure, @Nullable Integer maxConcurrency) {

		/**
		 * Create the settings.
		 * @param failure what becomes of the function's messages that failed
		 * @param maxConcurrency how many messages of the function are handled at a time
		 */
		public Function {
			Assert.isTrue(maxConcurrency == null || maxConcurrency > 0,
					() -> "'max-concurrency' of a function is " + maxConcurrency + "; expected at least 1");
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
	 * @param maxRetries How often a message is tried again before it counts as failed.
	 * @param delay Pause before the first retry.
	 * @param multiplier Factor by which each further pause is longer.
	 * @param maxDelay Longest pause before a retry.
	 */
	public record Retry(@Nullable Integer maxRetries, @Nullable Duration delay, @Nullable Double multiplier,
			@Nullable Duration maxDelay) {

		/**
		 * Create the settings.
		 * @param maxRetries how often a message is tried again
		 * @param delay pause before the first retry
		 * @param multiplier factor by which each further pause is longer
		 * @param maxDelay longest pause
		 */
		public Retry {
			Assert.isTrue(maxRetries == null || maxRetries >= 0,
					() -> "'failure.retry.max-retries' is " + maxRetries + "; expected 0 or more");
			Assert.isTrue(delay == null || !delay.isNegative(),
					() -> "'failure.retry.delay' is " + delay + "; expected 0 or more");
			Assert.isTrue(multiplier == null || multiplier >= 1,
					() -> "'failure.retry.multiplier' is " + multiplier + "; expected at least 1");
			Assert.isTrue(maxDelay == null || !maxDelay.isNegative(),
					() -> "'failure.retry.max-delay' is " + maxDelay + "; expected 0 or more");
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
