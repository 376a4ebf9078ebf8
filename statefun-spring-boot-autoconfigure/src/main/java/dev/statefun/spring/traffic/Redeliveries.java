package dev.statefun.spring.traffic;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.PendingReply;
import dev.statefun.sdk.RequestReplyHandler;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a batch does not run beside itself. A cluster has one request in flight
 * for each function instance (protocol.md §3.1), so a second one means that it has given
 * the first up and sent it again, while that may still run (protocol.md §6.2). With the
 * same bytes it gets the reply of the first; with others it has to wait.
 * <p>
 * A reply that may have come too late is kept for a while, for a delivery that comes
 * after it. Most replies are not: two messages with the same bytes are a re-send if the
 * reply to the first was not received, and two messages if it was, and only the time for
 * which the cluster had waited tells one from the other.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class Redeliveries {

	private static final Log logger = LogFactory.getLog(Redeliveries.class);

	private final Map<ByteBuffer, Running> running = new ConcurrentHashMap<>();

	private final LateReplies late;

	private final LongAdder joined = new LongAdder();

	private final LongAdder answeredLate = new LongAdder();

	private final Duration keep;

	private final long lateNanos;

	private final LongSupplier nanoTime;

	/**
	 * Create an empty record of deliveries.
	 * @param keep how long to keep a reply that may have come too late, and how long to
	 * wait for a handler that was given up; zero for not at all
	 * @param maxBytes how many bytes such replies and their requests may have together
	 * @param lateAfter how long a cluster must have waited for a reply that may have come
	 * too late
	 */
	public Redeliveries(Duration keep, long maxBytes, Duration lateAfter) {
		this(keep, maxBytes, lateAfter, System::nanoTime);
	}

	Redeliveries(Duration keep, long maxBytes, Duration lateAfter, LongSupplier nanoTime) {
		this.keep = keep;
		this.lateNanos = lateAfter.toNanos();
		this.nanoTime = nanoTime;
		this.late = new LateReplies(keep, maxBytes, nanoTime);
	}

	/**
	 * Take a request.
	 * @param request the body of the request
	 * @param connection names the connection it came on, which answers one request after
	 * the other, or {@code null} if it is not of that kind
	 * @param batches handles it, on this thread, if it does not have to wait and is no
	 * second delivery
	 * @return what becomes of it
	 */
	public Delivery deliver(byte[] request, @Nullable String connection,
			Function<byte[], CompletionStage<byte[]>> batches) {
		if (connection != null) {
			this.late.received(connection);
		}
		ByteBuffer address = RequestReplyHandler.addressOf(request);
		if (address == null) {
			// Nothing runs for a request that names no function
			return new Delivery.Taken(batches.apply(request).toCompletableFuture());
		}
		Recipient recipient = new Recipient(connection, this.nanoTime.getAsLong());
		Running own = new Running(address, request, recipient);
		Running other = this.running.putIfAbsent(address, own);
		if (other != null) {
			return other.join(request, recipient);
		}
		byte[] reply = this.late.take(address, request);
		if (reply != null) {
			own.end();
			this.answeredLate.increment();
			return new Delivery.Taken(CompletableFuture.completedFuture(reply));
		}
		return own.run(batches);
	}

	/**
	 * Return how many batches run.
	 * @return their number
	 */
	public int size() {
		return this.running.size();
	}

	/**
	 * Return the batches that have been running for some time, those that were given up
	 * included. Looks at all that run.
	 * @param time for how long
	 * @return the batches, in no order
	 */
	public List<RunningBatch> runningFor(Duration time) {
		long now = this.nanoTime.getAsLong();
		List<RunningBatch> found = new ArrayList<>();
		for (Running batch : this.running.values()) {
			long nanos = now - batch.since;
			if (nanos >= time.toNanos()) {
				found.add(new RunningBatch(RequestReplyHandler.targetOf(batch.request), Duration.ofNanos(nanos)));
			}
		}
		return found;
	}

	/**
	 * Return how many requests got the reply of a batch that was running when they came.
	 * @return their number since the start
	 */
	public long joined() {
		return this.joined.sum();
	}

	/**
	 * Return how many requests got a reply that had been kept.
	 * @return their number since the start
	 */
	public long answeredLate() {
		return this.answeredLate.sum();
	}

	/**
	 * A batch that runs.
	 *
	 * @param target the function instance, or {@code null} if the request is none
	 * @param time for how long
	 */
	public record RunningBatch(@Nullable Address target, Duration time) {

	}

	/**
	 * A batch that runs.
	 */
	private final class Running {

		private final ByteBuffer address;

		private final byte[] request;

		private final long since;

		private final CompletableFuture<byte[]> reply = new CompletableFuture<>();

		private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

		/** Where the reply goes to at last, and since when that waits. */
		private volatile Recipient recipient;

		private volatile boolean givenUp;

		Running(ByteBuffer address, byte[] request, Recipient recipient) {
			this.address = address;
			this.request = request;
			this.recipient = recipient;
			this.since = recipient.since();
		}

		Delivery join(byte[] request, Recipient recipient) {
			if (this.givenUp || !Arrays.equals(this.request, request)) {
				return new Delivery.Waiting(this.end.minimalCompletionStage());
			}
			this.recipient = recipient;
			Redeliveries.this.joined.increment();
			return new Delivery.Taken(this.reply);
		}

		Delivery run(Function<byte[], CompletionStage<byte[]>> batches) {
			CompletionStage<byte[]> stage;
			try {
				stage = batches.apply(this.request);
			}
			catch (Throwable ex) {
				end();
				this.reply.completeExceptionally(ex);
				throw ex;
			}
			stage.whenComplete((bytes, ex) -> replied(stage, bytes, ex));
			return new Delivery.Taken(this.reply);
		}

		// Whoever gets the reply may deliver the next batch at once: it must not find
		// this one
		private void replied(CompletionStage<byte[]> stage, byte @Nullable [] bytes, @Nullable Throwable ex) {
			if (ex == null && bytes != null) {
				Recipient last = this.recipient;
				if (Redeliveries.this.nanoTime.getAsLong() - last.since() >= Redeliveries.this.lateNanos) {
					Redeliveries.this.late.keep(this.address, this.request, bytes, last.connection());
				}
				end();
				this.reply.complete(bytes);
				return;
			}
			Throwable failure = (ex != null) ? ex : new IllegalStateException("A batch ended without a reply");
			if (stage instanceof PendingReply pending) {
				this.givenUp = true;
				awaitEnd(pending.ended());
			}
			else {
				end();
			}
			this.reply.completeExceptionally(failure);
		}

		// Not for ever: a stage that nobody completes would lock the instance out
		private void awaitEnd(CompletionStage<@Nullable Void> ended) {
			CompletableFuture<@Nullable Void> bounded = new CompletableFuture<>();
			ended.whenComplete((nothing, ex) -> bounded.complete(null));
			if (!bounded.isDone()) {
				bounded.orTimeout(Redeliveries.this.keep.toNanos(), TimeUnit.NANOSECONDS);
			}
			bounded.whenComplete((nothing, ex) -> {
				if (ex != null && !Redeliveries.this.keep.isZero()) {
					logger.warn("A handler still runs " + Redeliveries.this.keep.toMillis()
							+ " ms after its batch was given up ('statefun.redelivery.keep'); "
							+ "the next batch for its id will run beside it");
				}
				end();
			});
		}

		private void end() {
			Redeliveries.this.running.remove(this.address, this);
			this.end.complete(null);
		}

	}

	/**
	 * Who gets a reply.
	 *
	 * @param connection names the connection, if it is one of those that answer in turn
	 * @param since when the request came
	 */
	private record Recipient(@Nullable String connection, long since) {

	}

}
