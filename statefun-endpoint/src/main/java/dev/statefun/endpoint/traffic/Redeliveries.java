package dev.statefun.endpoint.traffic;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.handler.PendingReply;
import dev.statefun.sdk.handler.RequestReplyHandler;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Prevents a batch from running twice at the same time. A cluster has one request in
 * flight for each function instance (protocol.md §3.1), so a second one means that it has
 * given up the first and sent it again, while that may still run (protocol.md §6.2). A
 * second request with the same bytes gets the reply of the first; one with other bytes
 * has to wait.
 * <p>
 * A reply that could not be written is kept for a limited time, for the next delivery of
 * its batch. Other replies are not kept: two messages with the same bytes are a second
 * delivery if the reply to the first was not received, and two messages if it was, and
 * only a failed write proves that it was not.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class Redeliveries {

	private static final Log logger = LogFactory.getLog(Redeliveries.class);

	/** Batches that run, or whose reply is being written. */
	private final Map<ByteBuffer, Running> running = new ConcurrentHashMap<>();

	private final UnwrittenReplies unwritten;

	private final LongAdder joined = new LongAdder();

	private final LongAdder answered = new LongAdder();

	private final Duration keep;

	private final LongSupplier nanoTime;

	/**
	 * Create an empty record of deliveries.
	 * @param keep time to keep a reply that could not be written, and to wait for a
	 * handler that was given up; zero for neither
	 * @param maxBytes maximum total size of such replies and their requests in bytes
	 */
	public Redeliveries(Duration keep, long maxBytes) {
		this(keep, maxBytes, System::nanoTime);
	}

	Redeliveries(Duration keep, long maxBytes, LongSupplier nanoTime) {
		this.keep = keep;
		this.nanoTime = nanoTime;
		this.unwritten = new UnwrittenReplies(keep, maxBytes, nanoTime);
	}

	/**
	 * Deliver a request.
	 * @param request the body of the request
	 * @param batches handles the request on this thread, if it does not have to wait and
	 * is not a second delivery
	 * @return what to wait for. For one that is {@link Delivery.Taken taken},
	 * {@link Delivery.Taken#written()} or {@link Delivery.Taken#notWritten()} has to be
	 * called in the end
	 */
	public Delivery deliver(byte[] request, Function<byte[], CompletionStage<byte[]>> batches) {
		ByteBuffer address = RequestReplyHandler.targetBytes(request);
		if (address == null) {
			// A request that names no function has no running batch
			return new Recipient(batches.apply(request).toCompletableFuture(), null, false);
		}
		Running own = new Running(address, request);
		Running other = this.running.putIfAbsent(address, own);
		while (other != null) {
			Delivery delivery = other.join(request);
			if (delivery != null) {
				return delivery;
			}
			// The reply of the other one is being written, which no longer matters
			other = this.running.replace(address, other, own) ? null : this.running.putIfAbsent(address, own);
		}
		byte[] reply = this.unwritten.take(address, request);
		if (reply != null) {
			this.answered.increment();
			return own.answer(reply);
		}
		return own.run(batches);
	}

	/**
	 * Return the number of batches that run.
	 * @return their number
	 */
	public int size() {
		return (int) this.running.values().stream().filter((batch) -> !batch.hasReplied()).count();
	}

	/**
	 * Return the batches that have been running for at least a given time, including
	 * those that were given up. Inspects all running batches.
	 * @param time minimum time
	 * @return the batches, in no order
	 */
	public List<RunningBatch> runningFor(Duration time) {
		long now = this.nanoTime.getAsLong();
		List<RunningBatch> found = new ArrayList<>();
		for (Running batch : this.running.values()) {
			long nanos = now - batch.since;
			if (nanos >= time.toNanos() && !batch.hasReplied()) {
				found.add(new RunningBatch(RequestReplyHandler.targetAddress(batch.request), Duration.ofNanos(nanos)));
			}
		}
		return found;
	}

	/**
	 * Return the number of requests that got the reply of a batch that was already
	 * running.
	 * @return their number since the start
	 */
	public long joined() {
		return this.joined.sum();
	}

	/**
	 * Return the number of requests that got a kept reply.
	 * @return their number since the start
	 */
	public long answered() {
		return this.answered.sum();
	}

	/**
	 * Running batch.
	 *
	 * @param target the function instance, or {@code null} if the request has none
	 * @param time time since its start
	 */
	public record RunningBatch(@Nullable Address target, Duration time) {

	}

	/**
	 * Request that waits for a reply.
	 */
	static final class Recipient implements Delivery.Taken {

		private final CompletableFuture<byte[]> reply;

		private final @Nullable Running batch;

		private final boolean joined;

		private volatile boolean gone;

		private Recipient(CompletableFuture<byte[]> reply, @Nullable Running batch, boolean joined) {
			this.reply = reply;
			this.batch = batch;
			this.joined = joined;
		}

		@Override
		public CompletableFuture<byte[]> reply() {
			return this.reply;
		}

		@Override
		public boolean isJoined() {
			return this.joined;
		}

		@Override
		public void written() {
			if (this.batch != null) {
				this.batch.written(this);
			}
		}

		@Override
		public void notWritten() {
			this.gone = true;
			if (this.batch != null) {
				this.batch.notWritten(this);
			}
		}

	}

	/**
	 * Batch that runs, or whose reply is being written.
	 */
	private final class Running {

		private final ByteBuffer address;

		private final byte[] request;

		private final long since;

		private final CompletableFuture<byte[]> reply = new CompletableFuture<>();

		private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

		/** The last recipient that waits for the reply; none once the batch has ended. */
		private final AtomicReference<@Nullable Recipient> last;

		private volatile boolean givenUp;

		/** The reply, once there is a recipient for it. */
		private byte[] bytes = {};

		/**
		 * The last recipient when the reply came: the cluster has given up the others.
		 */
		private volatile @Nullable Recipient addressee;

		Running(ByteBuffer address, byte[] request) {
			this.address = address;
			this.request = request;
			this.since = Redeliveries.this.nanoTime.getAsLong();
			this.last = new AtomicReference<>(new Recipient(this.reply, this, false));
		}

		boolean hasReplied() {
			return this.addressee != null;
		}

		// Returns null if this batch has ended
		@Nullable Delivery join(byte[] request) {
			boolean equal = Arrays.equals(this.request, request);
			Recipient before = this.last.get();
			while (before != null) {
				if (!equal) {
					return new Delivery.Waiting(this.end.minimalCompletionStage());
				}
				Recipient own = new Recipient(this.reply, this, true);
				if (this.last.compareAndSet(before, own)) {
					Redeliveries.this.joined.increment();
					return own;
				}
				before = this.last.get();
			}
			return this.givenUp ? new Delivery.Waiting(this.end.minimalCompletionStage()) : null;
		}

		Delivery run(Function<byte[], CompletionStage<byte[]>> batches) {
			Recipient first = first();
			CompletionStage<byte[]> stage;
			try {
				stage = batches.apply(this.request);
			}
			catch (Throwable ex) {
				this.last.set(null);
				end();
				this.reply.completeExceptionally(ex);
				throw ex;
			}
			stage.whenComplete((bytes, ex) -> ended(stage, bytes, ex));
			return first;
		}

		Delivery answer(byte[] bytes) {
			Recipient first = first();
			replied(bytes);
			return first;
		}

		private Recipient first() {
			return Objects.requireNonNull(this.last.get());
		}

		private void ended(CompletionStage<byte[]> stage, byte @Nullable [] bytes, @Nullable Throwable ex) {
			if (ex == null && bytes != null) {
				replied(bytes);
				return;
			}
			Throwable failure = (ex != null) ? ex : new IllegalStateException("A batch ended without a reply");
			if (stage instanceof PendingReply pending) {
				this.givenUp = true;
				this.last.set(null);
				awaitEnd(pending.ended());
			}
			else {
				this.last.set(null);
				end();
			}
			this.reply.completeExceptionally(failure);
		}

		// Remains registered while the reply is written, unless the next request for
		// the instance replaces it
		private void replied(byte[] bytes) {
			Recipient recipient = Objects.requireNonNull(this.last.getAndSet(null));
			this.bytes = bytes;
			this.addressee = recipient;
			this.reply.complete(bytes);
			if (recipient.gone) {
				notWritten(recipient);
			}
			this.end.complete(null);
		}

		void written(Recipient recipient) {
			if (recipient == this.addressee) {
				Redeliveries.this.running.remove(this.address, this);
			}
		}

		// Keeps the reply atomically with the check for another request: an earlier
		// request makes the reply useless, a later one finds it
		void notWritten(Recipient recipient) {
			if (recipient == this.addressee) {
				Redeliveries.this.running.computeIfPresent(this.address, (address, batch) -> {
					if (batch != this) {
						return batch;
					}
					Redeliveries.this.unwritten.keep(this.address, this.request, this.bytes);
					return null;
				});
			}
		}

		// Bounded: a stage that never completes would block the instance
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

}
