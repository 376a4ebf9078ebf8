package dev.statefun.spring.traffic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Lets only so many requests be in flight at a time, and only so many bytes of theirs.
 * What comes beyond waits for a while, without a thread and in its order. Once it drains
 * it lets nobody in any more.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class Admission {

	private final int maxRequests;

	private final long maxBytes;

	private final Duration queueTimeout;

	private final ReentrantLock lock = new ReentrantLock();

	private final Set<Waiting> waiting = new LinkedHashSet<>();

	private CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();

	private int requests;

	private long bytes;

	private volatile boolean draining;

	/**
	 * Create the limits.
	 * @param maxRequests how many requests may be in flight, at least 1
	 * @param maxBytes how many bytes their bodies may have together, positive
	 * @param queueTimeout how long a request may wait; zero refuses it at once
	 */
	public Admission(int maxRequests, long maxBytes, Duration queueTimeout) {
		Assert.isTrue(maxRequests > 0, "'maxRequests' must be positive");
		Assert.isTrue(maxBytes > 0, "'maxBytes' must be positive");
		Assert.isTrue(!queueTimeout.isNegative(), "'queueTimeout' must not be negative");
		this.maxRequests = maxRequests;
		this.maxBytes = maxBytes;
		this.queueTimeout = queueTimeout;
	}

	/**
	 * Ask to be let in.
	 * @param size number of bytes of the request's body, at most as many as may be in
	 * flight
	 * @return the permit, done already if there is room. Fails with a
	 * {@link NotAdmittedException}. Whoever no longer needs it cancels it, and releases
	 * it if that comes too late
	 */
	public CompletableFuture<Permit> admit(long size) {
		Assert.isTrue(size >= 0 && size <= this.maxBytes, () -> "'size' is " + size + " of " + this.maxBytes);
		Waiting request;
		this.lock.lock();
		try {
			if (this.draining) {
				return CompletableFuture.failedFuture(draining());
			}
			if (this.waiting.isEmpty() && hasRoomFor(size)) {
				return CompletableFuture.completedFuture(take(size));
			}
			request = new Waiting(size);
			this.waiting.add(request);
		}
		finally {
			this.lock.unlock();
		}
		request.permit.orTimeout(this.queueTimeout.toNanos(), TimeUnit.NANOSECONDS);
		CompletableFuture<Permit> admitted = request.permit.exceptionallyCompose((ex) -> refuse(request, ex));
		admitted.whenComplete((permit, ex) -> {
			if (admitted.isCancelled()) {
				withdraw(request);
			}
		});
		return admitted;
	}

	private boolean hasRoomFor(long size) {
		return this.requests < this.maxRequests && size <= this.maxBytes - this.bytes;
	}

	private Permit take(long size) {
		this.requests++;
		this.bytes += size;
		return new Permit(size);
	}

	private void withdraw(Waiting request) {
		if (request.permit.cancel(false)) {
			change(() -> this.waiting.remove(request));
		}
		else {
			request.permit.thenAccept(Permit::release);
		}
	}

	private CompletionStage<Permit> refuse(Waiting request, Throwable cause) {
		change(() -> this.waiting.remove(request));
		return CompletableFuture.failedFuture((cause instanceof NotAdmittedException) ? cause : overloaded());
	}

	private NotAdmittedException overloaded() {
		return new NotAdmittedException(Rejection.OVERLOADED,
				"No room for " + this.queueTimeout.toMillis() + " ms ('statefun.queue-timeout'): " + requestsInFlight()
						+ " requests of at most " + this.maxRequests + " ('statefun.max-in-flight'), " + bytesInFlight()
						+ " bytes of at most " + this.maxBytes + " ('statefun.max-in-flight-bytes') are in flight");
	}

	private static NotAdmittedException draining() {
		return new NotAdmittedException(Rejection.DRAINING, "The application is about to end");
	}

	private void leave(long size) {
		change(() -> {
			this.requests--;
			this.bytes -= size;
		});
	}

	// Makes a change after which some of those who wait may have room
	private void change(Runnable change) {
		List<Waiting> admitted = new ArrayList<>();
		@Nullable CompletableFuture<@Nullable Void> empty;
		this.lock.lock();
		try {
			change.run();
			Iterator<Waiting> queue = this.waiting.iterator();
			for (Waiting next = first(queue); next != null && hasRoomFor(next.size); next = first(queue)) {
				queue.remove();
				next.granted = take(next.size);
				admitted.add(next);
			}
			empty = (this.draining && this.requests == 0) ? this.drained : null;
		}
		finally {
			this.lock.unlock();
		}
		admitted.forEach(Waiting::enter);
		if (empty != null) {
			empty.complete(null);
		}
	}

	private static @Nullable Waiting first(Iterator<Waiting> queue) {
		return queue.hasNext() ? queue.next() : null;
	}

	/**
	 * Let nobody in any more, not those who wait either.
	 * @return completes when no request is in flight
	 */
	public CompletionStage<@Nullable Void> drain() {
		List<Waiting> refused;
		CompletableFuture<@Nullable Void> end;
		this.lock.lock();
		try {
			refused = List.copyOf(this.waiting);
			this.waiting.clear();
			this.draining = true;
			end = this.drained;
		}
		finally {
			this.lock.unlock();
		}
		refused.forEach((request) -> request.permit.completeExceptionally(draining()));
		change(() -> {
		});
		return end.minimalCompletionStage();
	}

	/**
	 * Let requests in again.
	 */
	public void open() {
		this.lock.lock();
		try {
			this.draining = false;
			this.drained = new CompletableFuture<>();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return whether nobody is let in any more.
	 * @return whether it drains
	 */
	public boolean isDraining() {
		return this.draining;
	}

	/**
	 * Return how many bytes may be in flight.
	 * @return the limit in bytes
	 */
	public long maxBytes() {
		return this.maxBytes;
	}

	/**
	 * Return how long a request may wait.
	 * @return the time, which may be zero
	 */
	public Duration queueTimeout() {
		return this.queueTimeout;
	}

	/**
	 * Return how many requests are in flight.
	 * @return their number
	 */
	public int requestsInFlight() {
		this.lock.lock();
		try {
			return this.requests;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return how many bytes the bodies of the requests in flight have.
	 * @return the number of bytes
	 */
	public long bytesInFlight() {
		this.lock.lock();
		try {
			return this.bytes;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return how many requests wait to be let in.
	 * @return their number
	 */
	public int requestsWaiting() {
		this.lock.lock();
		try {
			return this.waiting.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The room that a request takes. Thread-safe.
	 */
	public final class Permit {

		private final AtomicBoolean released = new AtomicBoolean();

		private long size;

		private Permit(long size) {
			this.size = size;
		}

		/**
		 * Give back room that turned out not to be needed.
		 * @param size number of bytes that are needed, at most as many as before
		 */
		public void shrinkTo(long size) {
			change(() -> {
				Admission.this.bytes -= this.size - size;
				this.size = size;
			});
		}

		/**
		 * Give the room back; nothing happens if that was done before.
		 */
		public void release() {
			if (this.released.compareAndSet(false, true)) {
				leave(this.size);
			}
		}

	}

	/**
	 * A request that waits.
	 */
	private static final class Waiting {

		private final CompletableFuture<Permit> permit = new CompletableFuture<>();

		private final long size;

		private @Nullable Permit granted;

		private Waiting(long size) {
			this.size = size;
		}

		// Somebody who gives up at this moment gets nothing
		private void enter() {
			Permit own = this.granted;
			if (own != null && !this.permit.complete(own)) {
				own.release();
			}
		}

	}

}
