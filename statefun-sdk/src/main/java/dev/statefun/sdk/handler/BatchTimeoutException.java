package dev.statefun.sdk.handler;

import java.time.Duration;
import java.util.OptionalInt;

import dev.statefun.sdk.failure.FailurePolicy;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a batch, or one invocation of it, takes too long. The batch fails whatever
 * the {@link FailurePolicy} decides, and the cluster will send it again.
 *
 * @since 0.1.0
 */
public final class BatchTimeoutException extends RuntimeException {

	private final Duration limit;

	private final int handled;

	private final int messages;

	/**
	 * Create an exception.
	 * @param message which limit was exceeded
	 * @param limit the limit
	 * @param handled number of messages that were handled within the limit
	 * @param messages number of messages in the batch
	 * @param cause exception that the handler threw when it was interrupted, or
	 * {@code null}
	 */
	public BatchTimeoutException(String message, Duration limit, int handled, int messages, @Nullable Throwable cause) {
		super(message, cause);
		this.limit = limit;
		this.handled = handled;
		this.messages = messages;
	}

	static BatchTimeoutException ofBatch(Duration limit, int handled, int messages, @Nullable Throwable cause) {
		String each = (handled > 0) ? ", " + limit.toMillis() / handled + " ms each" : "";
		return new BatchTimeoutException(
				"the batch took more than " + limit.toMillis() + " ms ('statefun.batch-timeout' with Spring Boot), "
						+ "in which " + handled + " of its " + messages + " messages were handled" + each,
				limit, handled, messages, cause);
	}

	static BatchTimeoutException ofInvocation(Duration limit, @Nullable Throwable cause) {
		return new BatchTimeoutException("the handler took more than " + limit.toMillis()
				+ " ms ('statefun.invocation-timeout' with Spring Boot)", limit, 0, 1, cause);
	}

	BatchTimeoutException because(Throwable cause) {
		return new BatchTimeoutException(String.valueOf(getMessage()), this.limit, this.handled, this.messages, cause);
	}

	/**
	 * Return the limit that was exceeded.
	 * @return maximum duration of the batch or the invocation
	 */
	public Duration limit() {
		return this.limit;
	}

	/**
	 * Return the number of messages of the batch that were handled within the limit.
	 * @return their number; 0 if a single invocation was limited
	 */
	public int handledMessages() {
		return this.handled;
	}

	/**
	 * Return the number of messages of the batch.
	 * @return their number; 1 if a single invocation was limited
	 */
	public int messages() {
		return this.messages;
	}

	/**
	 * Return the number of messages with which a batch would end in time, with a reserve
	 * of a fifth: a value for {@code maxNumBatchRequests} in the cluster's module.yaml.
	 * @return the number, or empty if no message was handled; smaller batches would not
	 * help then
	 */
	public OptionalInt fittingMessages() {
		return (this.handled > 0) ? OptionalInt.of(Math.max(1, this.handled * 4 / 5)) : OptionalInt.empty();
	}

}
