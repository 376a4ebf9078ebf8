package dev.statefun.spring.traffic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Limits requests in flight by their number, and the bodies in memory by their size.
 * Rejects all requests once draining.
 * <p>
 * A request takes room for the bytes of its body that have arrived, not for the announced
 * size, and counts as in flight once its body is complete: a slow sender holds only the
 * room of the bytes sent, and no turn. Without room, or a turn, a request waits without a
 * thread for at most the queue timeout, counted over all its waits. These rules hold:
 * <ul>
 * <li>The bodies have at most {@link #maxBytes()} together, at any time.</li>
 * <li>Free room goes to the waiting body that began to arrive first. A body that has not
 * begun to arrive comes last.</li>
 * <li>Complete bodies get their turn in the order in which they were completed, and keep
 * their room until they are released.</li>
 * <li>A body that has waited for the queue timeout takes the room of bodies that began to
 * arrive after it and are incomplete, the last one first; those are refused in its place.
 * It is refused itself only if complete bodies, or incomplete ones that began before it,
 * hold the room. So no two bodies wait for each other, and the body that began to arrive
 * first gets all room that requests in flight leave.</li>
 * </ul>
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class Admission {

	private static final CompletableFuture<@Nullable Void> GRANTED = CompletableFuture.completedFuture(null);

	private final int maxRequests;

	private final long maxBytes;

	private final Duration queueTimeout;

	private final ReentrantLock lock = new ReentrantLock();

	/** Incomplete bodies that wait, oldest first. */
	private final TreeSet<Permit> arriving = new TreeSet<>(Comparator.comparingLong((permit) -> permit.age));

	/** Incomplete bodies that wait for room, oldest first. */
	private final TreeSet<Permit> growing = new TreeSet<>(Comparator.comparingLong((permit) -> permit.age));

	/** Complete bodies that wait for their turn. */
	private final Set<Permit> entering = new LinkedHashSet<>();

	private CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();

	private long ages;

	private int requests;

	private long bytes;

	private volatile boolean draining;

	/**
	 * Create the limits.
	 * @param maxRequests maximum number of requests in flight, at least 1
	 * @param maxBytes maximum total size of their bodies in bytes, positive
	 * @param queueTimeout maximum time that a request waits; zero refuses it at once
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
	 * Return the permit of a new request. It takes nothing yet.
	 * @return the permit, to be released at the end of the request
	 */
	public Permit begin() {
		return new Permit();
	}

	private boolean isFree(long size) {
		return size <= this.maxBytes - this.bytes;
	}

	private NotAdmittedException overloaded() {
		return new NotAdmittedException(Rejection.OVERLOADED,
				"No room for " + this.queueTimeout.toMillis() + " ms ('statefun.queue-timeout'): " + this.requests
						+ " requests of at most " + this.maxRequests + " ('statefun.max-in-flight'), " + this.bytes
						+ " bytes of at most " + this.maxBytes + " ('statefun.max-in-flight-bytes') are in flight");
	}

	private NotAdmittedException displaced() {
		return new NotAdmittedException(Rejection.OVERLOADED,
				"The room of this body, which has not arrived to its end, is needed for one that began to arrive "
						+ "earlier: at most " + this.maxBytes
						+ " bytes ('statefun.max-in-flight-bytes') may be in flight");
	}

	private static NotAdmittedException draining() {
		return new NotAdmittedException(Rejection.DRAINING, "The application is about to end");
	}

	// Applies a change that may give others room or a turn
	private void change(Consumer<List<Runnable>> change) {
		List<Runnable> after = new ArrayList<>(0);
		this.lock.lock();
		try {
			change.accept(after);
			settle(after);
		}
		finally {
			this.lock.unlock();
		}
		after.forEach(Runnable::run);
	}

	private void settle(List<Runnable> after) {
		while (!this.growing.isEmpty() && this.growing.first().isFree()) {
			this.growing.first().grow(after);
		}
		Iterator<Permit> queue = this.entering.iterator();
		while (this.requests < this.maxRequests && queue.hasNext()) {
			Permit next = queue.next();
			queue.remove();
			next.takeTurn();
			next.endWait(after, null);
		}
		if (this.draining && this.requests == 0) {
			CompletableFuture<@Nullable Void> empty = this.drained;
			after.add(() -> empty.complete(null));
		}
	}

	/**
	 * Reject all requests from now on, including those that wait or still arrive.
	 * @return completes when no request is in flight
	 */
	public CompletionStage<@Nullable Void> drain() {
		CompletableFuture<@Nullable Void> end;
		this.lock.lock();
		try {
			this.draining = true;
			end = this.drained;
		}
		finally {
			this.lock.unlock();
		}
		change((after) -> {
			for (Permit permit : List.copyOf(this.entering)) {
				permit.refuse(after, draining());
			}
			for (Permit permit : List.copyOf(this.arriving)) {
				permit.refuse(after, draining());
			}
		});
		return end.minimalCompletionStage();
	}

	/**
	 * Admit requests again.
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
	 * Return whether all requests are rejected.
	 * @return whether the endpoint drains
	 */
	public boolean isDraining() {
		return this.draining;
	}

	/**
	 * Return the maximum total size of the bodies in memory.
	 * @return the limit in bytes
	 */
	public long maxBytes() {
		return this.maxBytes;
	}

	/**
	 * Return the maximum time that a request waits.
	 * @return the time, which may be zero
	 */
	public Duration queueTimeout() {
		return this.queueTimeout;
	}

	/**
	 * Return the number of requests in flight.
	 * @return their number, without those that wait or still arrive
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
	 * Return the total size of the bodies in memory, including those that wait or still
	 * arrive.
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
	 * Return the number of requests that wait for room or for their turn.
	 * @return their number, without those that wait for their sender
	 */
	public int requestsWaiting() {
		this.lock.lock();
		try {
			return this.growing.size() + this.entering.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Room and turn of a request. Thread-safe.
	 */
	public final class Permit {

		private State state = State.ARRIVING;

		/**
		 * Sequence number of the body's beginning, or 0 as long as it waits for nothing.
		 */
		private long age;

		private long size;

		private long wanted;

		private @Nullable Wait wait;

		private @Nullable Consumer<NotAdmittedException> refused;

		private volatile long waitedNanos;

		private Permit() {
		}

		/**
		 * Take room for more of the body.
		 * @param size number of bytes of the body that need room, at most as many as may
		 * be in memory
		 * @return completes when there is room, done already if there is. Fails with a
		 * {@link NotAdmittedException}; the permit is released then. Not to be completed
		 * by others
		 */
		public CompletableFuture<@Nullable Void> growTo(long size) {
			Assert.isTrue(size >= 0 && size <= Admission.this.maxBytes,
					() -> "'size' is " + size + " of " + Admission.this.maxBytes);
			return take(() -> {
				this.wanted = size;
				boolean first = Admission.this.growing.isEmpty()
						|| (this.age != 0 && this.age < Admission.this.growing.first().age);
				if (first && isFree()) {
					Admission.this.bytes += size - this.size;
					this.size = size;
					return true;
				}
				arrive();
				Admission.this.growing.add(this);
				return false;
			});
		}

		/**
		 * Take a turn for the complete body. Returns the room that it does not need.
		 * @param size number of bytes of the body, at most as many as there is room for
		 * @return completes when it is the request's turn, done already if it is. Fails
		 * with a {@link NotAdmittedException}; the permit is released then. Not to be
		 * completed by others
		 */
		public CompletableFuture<@Nullable Void> enter(long size) {
			if (this.age != 0 || size != this.size) {
				change((after) -> {
					Admission.this.arriving.remove(this);
					if (this.state == State.ARRIVING) {
						Admission.this.bytes -= this.size - size;
						this.size = size;
					}
				});
			}
			return take(() -> {
				if (Admission.this.entering.isEmpty() && Admission.this.requests < Admission.this.maxRequests) {
					takeTurn();
					return true;
				}
				Admission.this.entering.add(this);
				return false;
			});
		}

		/**
		 * Wait for the sender of the body. Until the body is complete, its room may be
		 * needed for a body that began to arrive earlier, or the endpoint may drain.
		 * @param refused called once when that happens, in place of
		 * {@link #growTo(long)}'s failure and after the permit was released; at once if
		 * it happened before
		 */
		public void awaitSender(Consumer<NotAdmittedException> refused) {
			change((after) -> {
				if (this.state == State.RELEASED || Admission.this.draining) {
					leave();
					NotAdmittedException reason = Admission.this.draining ? draining() : overloaded();
					after.add(() -> refused.accept(reason));
					return;
				}
				this.refused = refused;
				arrive();
			});
		}

		private CompletableFuture<@Nullable Void> take(Taking taking) {
			Wait own;
			Admission.this.lock.lock();
			try {
				if (this.state == State.RELEASED) {
					return CompletableFuture.failedFuture(overloaded());
				}
				if (!Admission.this.draining) {
					if (taking.takeNow()) {
						return GRANTED;
					}
					own = new Wait();
					this.wait = own;
				}
				else {
					own = null;
				}
			}
			finally {
				Admission.this.lock.unlock();
			}
			if (own == null) {
				release();
				return CompletableFuture.failedFuture(draining());
			}
			expireLater(own);
			return own.end;
		}

		private void expireLater(Wait own) {
			long left = Admission.this.queueTimeout.toNanos() - this.waitedNanos;
			if (left <= 0) {
				expire(own);
				return;
			}
			// On Java 17 a timer is only removed by completing it
			CompletableFuture<Boolean> timer = new CompletableFuture<Boolean>().completeOnTimeout(true, left,
					TimeUnit.NANOSECONDS);
			timer.thenAccept((late) -> {
				if (late) {
					expire(own);
				}
			});
			own.end.whenComplete((end, ex) -> timer.complete(false));
		}

		private void expire(Wait own) {
			change((after) -> {
				if (this.wait != own) {
					return;
				}
				if (Admission.this.growing.contains(this) && makeRoom(after)) {
					grow(after);
				}
				else {
					refuse(after, overloaded());
				}
			});
		}

		// Takes the room of bodies that began to arrive later
		private boolean makeRoom(List<Runnable> after) {
			List<Permit> later = new ArrayList<>();
			long missing = this.wanted - this.size - (Admission.this.maxBytes - Admission.this.bytes);
			Iterator<Permit> youngest = Admission.this.arriving.tailSet(this, false).descendingIterator();
			while (missing > 0 && youngest.hasNext()) {
				Permit next = youngest.next();
				if (next.size > 0) {
					later.add(next);
					missing -= next.size;
				}
			}
			if (missing > 0) {
				return false;
			}
			later.forEach((permit) -> permit.refuse(after, displaced()));
			return true;
		}

		private void arrive() {
			if (this.age == 0) {
				this.age = ++Admission.this.ages;
			}
			Admission.this.arriving.add(this);
		}

		private boolean isFree() {
			return Admission.this.isFree(this.wanted - this.size);
		}

		private void grow(List<Runnable> after) {
			Admission.this.growing.remove(this);
			Admission.this.bytes += this.wanted - this.size;
			this.size = this.wanted;
			endWait(after, null);
		}

		private void takeTurn() {
			Admission.this.requests++;
			this.state = State.ENTERED;
		}

		private void refuse(List<Runnable> after, NotAdmittedException reason) {
			Consumer<NotAdmittedException> waiting = (this.wait != null) ? null : this.refused;
			leave();
			endWait(after, reason);
			if (waiting != null) {
				after.add(() -> waiting.accept(reason));
			}
		}

		private void endWait(List<Runnable> after, @Nullable NotAdmittedException reason) {
			Wait own = this.wait;
			if (own != null) {
				this.wait = null;
				this.waitedNanos += System.nanoTime() - own.since;
				after.add(() -> own.end(reason));
			}
		}

		private void leave() {
			Admission.this.growing.remove(this);
			Admission.this.entering.remove(this);
			Admission.this.arriving.remove(this);
			if (this.state == State.ENTERED) {
				Admission.this.requests--;
			}
			if (this.state != State.RELEASED) {
				Admission.this.bytes -= this.size;
			}
			this.state = State.RELEASED;
			this.size = 0;
		}

		/**
		 * Return how long the request has waited for room and for its turn.
		 * @return the time, zero if it did not have to wait
		 */
		public Duration waited() {
			return Duration.ofNanos(this.waitedNanos);
		}

		/**
		 * Release room and turn; has no effect the second time. A pending wait fails.
		 */
		public void release() {
			change((after) -> {
				leave();
				endWait(after, overloaded());
			});
		}

	}

	/**
	 * Progress of a request.
	 */
	private enum State {

		/** Its body is incomplete, or waits for its turn. */
		ARRIVING,

		/** It is in flight. */
		ENTERED,

		/** It holds nothing. */
		RELEASED

	}

	/**
	 * Takes room or a turn, or starts to wait for it.
	 */
	@FunctionalInterface
	private interface Taking {

		boolean takeNow();

	}

	/**
	 * A wait for room or for a turn.
	 */
	private static final class Wait {

		private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

		private final long since = System.nanoTime();

		private void end(@Nullable NotAdmittedException reason) {
			if (reason != null) {
				this.end.completeExceptionally(reason);
			}
			else {
				this.end.complete(null);
			}
		}

	}

}
