package dev.statefun.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import dev.statefun.sdk.handler.Protocol;
import dev.statefun.spring.OnFailure;
import dev.statefun.spring.boot.autoconfigure.internal.PropertyRange;
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
 * @param protocol Generation of the clusters to serve; 'auto' detects it per request.
 * @param batchTimeout Maximum duration of a whole request, including its retries, 0s to
 * 7d; 0 for no limit. When not set, 5 seconds less than 'statefun.module.transport.call',
 * or 110 seconds for the asynchronous transport of clusters and 55 seconds for OkHttp.
 * @param invocationTimeout Maximum duration of the handler of one message, 1ms to 7d;
 * when not set, that of the whole request.
 * @param maxInFlight Maximum number of requests handled at a time, 1 to 1000000; further
 * requests wait.
 * @param maxInFlightBytes Maximum total size of the bodies of these requests, 1B to 1TB;
 * when not set, a quarter of the heap, but at least the maximum size of one request.
 * @param queueTimeout Maximum time that a request waits while the limits are reached or
 * another batch of the same function instance runs, 0s to 7d; then it is answered with
 * 429, and the cluster sends it again.
 * @param maxRequestSize Maximum size of one request, 1B to 2047MB; when not set, 64MB,
 * but at most a quarter of the heap.
 * @param readTimeout Maximum time without progress while the body of a request arrives,
 * 1ms to 7d; then it is answered with 500, and its connection closed.
 * @param minReadRate Minimum rate per second at which a body arrives, averaged over the
 * body after its first 10 seconds, 0B to 1GB; 0B for no minimum.
 * @param maxReplySize Maximum size of one reply, 1B to 2047MB; the asynchronous transport
 * of clusters accepts 32 MB by default.
 * @param redelivery Batches that a cluster sends again while they run.
 * @param failure Handling of failed messages.
 * @param functions Settings for single functions, by function type; values that are not
 * set are those for all functions.
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

	private static final PropertyRange<DataSize> BODIES_SIZE = PropertyRange.ofSize("1B", "1TB");

	private static final DataSize DEFAULT_REQUEST_SIZE = DataSize.ofMegabytes(64);

	private static final PropertyRange<DataSize> RATE = PropertyRange.ofSize("0B", "1GB");

	/**
	 * Create the properties.
	 * @param path path of the endpoint
	 * @param protocol generation of the clusters to serve
	 * @param batchTimeout maximum duration of a whole request
	 * @param invocationTimeout maximum duration of the handler of one message
	 * @param maxInFlight maximum number of requests handled at a time
	 * @param maxInFlightBytes maximum total size of their bodies
	 * @param queueTimeout maximum time that a request waits
	 * @param maxRequestSize maximum size of one request
	 * @param readTimeout maximum time without progress while a body arrives
	 * @param minReadRate minimum rate per second at which a body arrives
	 * @param maxReplySize maximum size of one reply
	 * @param redelivery batches that a cluster sends again
	 * @param failure handling of failed messages
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
						+ ", but one request may be larger ('statefun.max-request-size' is " + maxRequestSize
						+ "); it would never be admitted");
		failure.retry().check("statefun.failure.retry");
		functions = Map.copyOf(functions);
		functions.forEach((type, function) -> function.check("statefun.functions.\"[" + type + "]\""));
	}

	/**
	 * Return the maximum size of a request.
	 * @return the size in bytes: as set, or what the heap allows
	 */
	public long maxRequestBytes() {
		if (this.maxRequestSize != null) {
			return this.maxRequestSize.toBytes();
		}
		long limit = Math.min(DEFAULT_REQUEST_SIZE.toBytes(), Runtime.getRuntime().maxMemory() / 4);
		return (this.maxInFlightBytes != null) ? Math.min(limit, this.maxInFlightBytes.toBytes()) : limit;
	}

	/**
	 * Batches that a cluster sends again while they run, because it no longer waits for
	 * the reply.
	 *
	 * @param keep Time to keep a reply that could not be written for the next delivery,
	 * and to wait for a handler that was given up, 0s to 7d; 0 to do neither.
	 * @param keepSize Maximum total size of such replies and their requests; 0B to 1TB.
	 */
	public record Redelivery(@DefaultValue("30s") Duration keep, @DefaultValue("16MB") DataSize keepSize) {

		private static final PropertyRange<DataSize> KEPT_SIZE = PropertyRange.ofSize("0B", "1TB");

		/**
		 * Create the settings.
		 * @param keep time to keep a reply that could not be written
		 * @param keepSize maximum total size of such replies
		 */
		public Redelivery {
			PropertyRange.TIME.check("statefun.redelivery.keep", keep);
			KEPT_SIZE.check("statefun.redelivery.keep-size", keepSize);
		}

	}

	/**
	 * Settings for one function.
	 *
	 * @param failure Handling of the function's failed messages.
	 * @param maxConcurrency Maximum number of the function's messages handled at a time,
	 * 1 to 1000000; when not set, no limit.
	 */
	public record Function(@DefaultValue Failure failure, @Nullable Integer maxConcurrency) {

		private void check(String prefix) {
			PropertyRange.COUNT.check(prefix + ".max-concurrency", maxConcurrency());
			failure().retry().check(prefix + ".failure.retry");
		}

	}

	/**
	 * Handling of failed messages.
	 *
	 * @param policy Action for a failed message, unless there is one for its exception.
	 * @param exceptions Actions by class of the exception, which includes its subclasses.
	 * @param deadLetter Destination of dead letters.
	 * @param retry Retries of a message before it counts as failed.
	 */
	public record Failure(@Nullable OnFailure policy, @DefaultValue Map<String, OnFailure> exceptions,
			@DefaultValue DeadLetter deadLetter, @DefaultValue Retry retry) {

		/**
		 * Create the settings.
		 * @param policy action for a failed message
		 * @param exceptions actions by class of the exception
		 * @param deadLetter destination of dead letters
		 * @param retry retries of a message
		 */
		public Failure {
			policy = (policy != OnFailure.AS_CONFIGURED) ? policy : null;
			Map<String, OnFailure> configured = new HashMap<>(exceptions);
			configured.values().removeIf(OnFailure.AS_CONFIGURED::equals);
			exceptions = Map.copyOf(configured);
		}

	}

	/**
	 * Retries of a message within its batch. Values that are not set for a function are
	 * those for all.
	 *
	 * @param maxRetries Maximum number of retries of a message before it counts as
	 * failed; 0 to 1000000.
	 * @param delay Delay before the first retry; 0s to 7d.
	 * @param multiplier Factor by which the delay grows with each further retry; 1.0 to
	 * 1000.0.
	 * @param maxDelay Maximum delay before a retry; 1ms to 7d.
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
	 * Destination of dead letters.
	 *
	 * @param egress Egress for dead letters, as named in module.yaml.
	 * @param kind Kind of the egress for dead letters.
	 * @param topic Topic for dead letters, if the egress is of the kind 'kafka'.
	 * @param format Format of the dead letters.
	 */
	public record DeadLetter(@Nullable String egress, @Nullable DeadLetterKind kind, @Nullable String topic,
			@Nullable DeadLetterFormat format) {

	}

}
