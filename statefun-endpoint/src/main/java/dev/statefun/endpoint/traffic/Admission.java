package dev.statefun.endpoint.traffic;

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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

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

	/** What a released permit holds: no bytes, and no turn again. */
	private static final long RELEASED = InFlight.CLOSED;

	private static final CompletableFuture<@Nullable Void> GRANTED = CompletableFuture.completedFuture(null);

	private final InFlight inFlight;

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

	private volatile boolean draining;

	/**
	 * Create the limits.
	 * @param maxRequests maximum number of requests in flight, 1 to 1,048,576
	 * @param maxBytes maximum total size of their bodies in bytes, 1 to 2<sup>40</sup>
	 * @param queueTimeout maximum time that a request waits; zero refuses it at once
	 */
	public Admission(int maxRequests, long maxBytes, Duration queueTimeout) {
		if (queueTimeout.isNegative()) {
			throw new IllegalArgumentException("'queueTimeout' must not be negative");
		}
		this.inFlight = new InFlight(maxRequests, maxBytes);
		this.queueTimeout = queueTimeout;
	}

	/**
	 * Return the permit of a new request. It takes nothing yet.
	 * @return the permit, to be released at the end of the request
	 */
	public Permit begin() {
		return new Permit();
	}

	private NotAdmittedException overloaded() {
		return new NotAdmittedException(Rejection.OVERLOADED,
				"No room for " + this.queueTimeout.toMillis() + " ms ('statefun.queue-timeout'): "
						+ this.inFlight.requests() + " requests of at most " + this.inFlight.maxRequests()
						+ " ('statefun.max-in-flight'), " + this.inFlight.bytes() + " bytes of at most "
						+ this.inFlight.maxBytes() + " ('statefun.max-in-flight-bytes') are in flight");
	}

	private NotAdmittedException displaced() {
		return new NotAdmittedException(Rejection.OVERLOADED,
				"The room of this body, which has not arrived to its end, is needed for one that began to arrive "
						+ "earlier: at most " + this.inFlight.maxBytes()
						+ " bytes ('statefun.max-in-flight-bytes') may be in flight");
	}

	private static NotAdmittedException draining() {
		return new NotAdmittedException(Rejection.DRAINING, "The application is about to end");
	}

	// Applies a change that may give others room or a turn
	private void change(Consumer<List<Runnable>> change) {
		List<Runnable> after = new ArrayList<>(0);
		lock();
		try {
			change.accept(after);
			settle(after);
		}
		finally {
			unlock();
		}
		after.forEach(Runnable::run);
	}

	// As long as a request waits, all changes need the lock: one that gives others room
	// or a turn must not miss them
	private void lock() {
		this.lock.lock();
		this.inFlight.close();
	}

	private void unlock() {
		if (this.arriving.isEmpty() && this.entering.isEmpty() && !this.draining) {
			this.inFlight.open();
		}
		this.lock.unlock();
	}

	private void settle(List<Runnable> after) {
		while (!this.growing.isEmpty() && this.growing.first().isFree()) {
			this.growing.first().grow(after);
		}
		Iterator<Permit> queue = this.entering.iterator();
		while (this.inFlight.hasTurn() && queue.hasNext()) {
			Permit next = queue.next();
			queue.remove();
			next.takeTurn();
			next.endWait(after, null);
		}
		if (this.draining && this.inFlight.requests() == 0) {
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
		lock();
		try {
			this.draining = true;
			end = this.drained;
		}
		finally {
			unlock();
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
		lock();
		try {
			this.draining = false;
			this.drained = new CompletableFuture<>();
		}
		finally {
			unlock();
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
		return this.inFlight.maxBytes();
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
		return this.inFlight.requests();
	}

	/**
	 * Return the total size of the bodies in memory, including those that wait or still
	 * arrive.
	 * @return the number of bytes
	 */
	public long bytesInFlight() {
		return this.inFlight.bytes();
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

		/** Its room, and its turn once it is in flight; or {@link #RELEASED}. */
		private final AtomicLong held = new AtomicLong();

		/**
		 * Sequence number of the body's beginning, or 0 as long as it waits for nothing.
		 */
		private long age;

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
			if (size < 0 || size > maxBytes()) {
				throw new IllegalArgumentException("'size' is " + size + " of " + maxBytes());
			}
			return takeNow(InFlight.of(0, size)) ? GRANTED : take(() -> {
				this.wanted = size;
				boolean first = Admission.this.growing.isEmpty()
						|| (this.age != 0 && this.age < Admission.this.growing.first().age);
				if (first && isFree()) {
					hold(InFlight.of(0, size));
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
			if (takeNow(InFlight.of(1, size))) {
				return GRANTED;
			}
			change((after) -> {
				Admission.this.arriving.remove(this);
				hold(InFlight.of(0, size));
			});
			return take(() -> {
				if (Admission.this.entering.isEmpty() && Admission.this.inFlight.hasTurn()) {
					takeTurn();
					return true;
				}
				Admission.this.entering.add(this);
				return false;
			});
		}

		// Without the lock, as long as no request waits
		private boolean takeNow(long wanted) {
			long before = this.held.get();
			if (before == RELEASED || !Admission.this.inFlight.tryAdd(wanted - before)) {
				return false;
			}
			if (this.held.compareAndSet(before, wanted)) {
				return true;
			}
			giveBack(wanted - before);
			return false;
		}

		private void giveBack(long released) {
			if (!Admission.this.inFlight.tryAdd(-released)) {
				change((after) -> Admission.this.inFlight.add(-released));
			}
		}

		// With the lock
		private void hold(long wanted) {
			long before = this.held.get();
			if (before != RELEASED && this.held.compareAndSet(before, wanted)) {
				Admission.this.inFlight.add(wanted - before);
			}
		}

		private long size() {
			return InFlight.bytes(this.held.get());
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
				if (isReleased() || Admission.this.draining) {
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
			lock();
			try {
				if (isReleased()) {
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
				unlock();
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
			long missing = this.wanted - size() - (maxBytes() - bytesInFlight());
			Iterator<Permit> youngest = Admission.this.arriving.tailSet(this, false).descendingIterator();
			while (missing > 0 && youngest.hasNext()) {
				Permit next = youngest.next();
				if (next.size() > 0) {
					later.add(next);
					missing -= next.size();
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
			return Admission.this.inFlight.hasRoom(this.wanted - size());
		}

		private void grow(List<Runnable> after) {
			Admission.this.growing.remove(this);
			hold(InFlight.of(0, this.wanted));
			endWait(after, null);
		}

		private void takeTurn() {
			hold(InFlight.of(1, size()));
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
			long before = this.held.getAndSet(RELEASED);
			if (before != RELEASED) {
				Admission.this.inFlight.add(-before);
			}
		}

		private boolean isReleased() {
			return this.held.get() == RELEASED;
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
			long before = this.held.getAndSet(RELEASED);
			if (before == RELEASED || Admission.this.inFlight.tryAdd(-before)) {
				return;
			}
			change((after) -> {
				Admission.this.inFlight.add(-before);
				leave();
				if (this.wait != null) {
					endWait(after, overloaded());
				}
			});
		}

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
