package dev.statefun.endpoint;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.statefun.endpoint.traffic.Admission.Permit;
import dev.statefun.endpoint.traffic.Delivery;
import dev.statefun.endpoint.traffic.NotAdmittedException;
import dev.statefun.endpoint.traffic.Rejection;
import dev.statefun.sdk.failure.ExceptionWrappers;
import org.jspecify.annotations.Nullable;

/**
 * Request whose body has arrived, until it is answered. The server calls
 * {@link #proceed(Function) proceed} until there is nothing to wait for, and then writes
 * either the {@link #reply()} or the answer to the {@link #failure()}. It calls
 * {@link #written()} after a reply was written, and {@link #close()} at the end of any
 * request, on all paths.
 * <p>
 * Not thread-safe: for one thread at a time.
 *
 * @since 0.1.0
 */
public final class Exchange {

	private static final byte[] NOTHING = {};

	private final Endpoint endpoint;

	private final Permit permit;

	private final long since = System.nanoTime();

	/** The body of the request; nothing once its batch was delivered. */
	private byte[] body;

	/** The delivery of its batch, until the reply is written. */
	private Delivery.@Nullable Taken delivery;

	private byte[] reply = NOTHING;

	private @Nullable Throwable failure;

	Exchange(Endpoint endpoint, Permit permit, byte[] body, @Nullable Throwable failure) {
		this.endpoint = endpoint;
		this.permit = permit;
		this.body = body;
		this.failure = failure;
	}

	/**
	 * Continue: deliver the batch, or take its reply.
	 * @param batches handles the body, on this thread, if the batch is not a second
	 * delivery and does not have to wait for another one
	 * @return completes when this method is to be called again, on any thread and with
	 * any result; {@code null} if there is a {@linkplain #reply() reply} or a
	 * {@linkplain #failure() failure}
	 */
	public @Nullable CompletableFuture<?> proceed(Function<byte[], CompletionStage<byte[]>> batches) {
		if (this.failure != null) {
			return null;
		}
		Delivery.Taken taken = this.delivery;
		if (taken == null) {
			Delivery delivered = this.endpoint.redeliveries().deliver(this.body, batches);
			if (delivered instanceof Delivery.Waiting waiting) {
				return awaitEnd(waiting.end());
			}
			taken = (Delivery.Taken) delivered;
			this.delivery = taken;
			this.body = NOTHING;
			if (taken.isJoined()) {
				// The batch in flight has its own room. The server's graceful shutdown
				// waits for this request
				this.permit.release();
			}
		}
		CompletableFuture<byte[]> pending = taken.reply();
		if (!pending.isDone()) {
			return pending;
		}
		try {
			this.reply = pending.join();
		}
		catch (CompletionException | CancellationException ex) {
			this.failure = ExceptionWrappers.unwrap(ex);
		}
		return null;
	}

	// Waits for another batch of the same function instance
	private @Nullable CompletableFuture<?> awaitEnd(CompletionStage<@Nullable Void> end) {
		long timeout = this.endpoint.queueTimeoutNanos();
		long left = this.since + timeout - System.nanoTime();
		if (left > 0) {
			return end.toCompletableFuture().completeOnTimeout(null, left, TimeUnit.NANOSECONDS);
		}
		this.failure = new NotAdmittedException(Rejection.BUSY,
				"Another batch for the same function instance has been running for "
						+ TimeUnit.NANOSECONDS.toMillis(timeout)
						+ " ms ('statefun.queue-timeout'); the cluster has given it up, it still runs");
		return null;
	}

	/**
	 * Return the body of the request, as long as its batch was not delivered.
	 * @return the bytes, which must not be changed; afterwards empty
	 */
	public byte[] request() {
		return this.body;
	}

	/**
	 * Return whether the batch was delivered. If it was, {@link #proceed(Function)
	 * proceed} only takes its reply, which any thread may do.
	 * @return whether the batch was delivered
	 */
	public boolean isDelivered() {
		return this.delivery != null;
	}

	/**
	 * Return the failure of the request, once there is nothing to wait for.
	 * @return the failure, to be passed to {@link Endpoint#fail(Throwable)}, or
	 * {@code null} if there is a reply
	 */
	public @Nullable Throwable failure() {
		return this.failure;
	}

	/**
	 * Return the reply, once there is nothing to wait for.
	 * @return the body of the answer; empty if the request has failed
	 */
	public byte[] reply() {
		return this.reply;
	}

	/**
	 * Called when the reply has been written, which does not prove that it was received.
	 */
	public void written() {
		Delivery.Taken taken = this.delivery;
		if (taken != null) {
			this.delivery = null;
			taken.written();
		}
	}

	/**
	 * Called when the request has ended, whether it was answered or not; has no effect
	 * the second time. Releases its room. A reply that was not {@linkplain #written()
	 * written}, or still comes, is kept for the next delivery of the batch.
	 */
	public void close() {
		Delivery.Taken taken = this.delivery;
		if (taken != null) {
			taken.notWritten();
		}
		this.permit.release();
	}

}
