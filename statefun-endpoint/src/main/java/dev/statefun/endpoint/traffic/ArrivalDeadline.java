package dev.statefun.endpoint.traffic;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether the body of one request arrives too slowly. Time during which the body
 * waits for room does not count, as the sender does not cause it.
 * <p>
 * One timer of the JDK watches all bodies. Each body has at most one entry there, for the
 * first moment at which it could be late.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class ArrivalDeadline {

	private final ArrivalLimits limits;

	private final LongSupplier nanoTime;

	private final ReentrantLock lock = new ReentrantLock();

	private final long begin;

	private long lastByte;

	private long bytes;

	/**
	 * Time at which the body began to wait for room, or {@code null} if it does not wait.
	 */
	private @Nullable Long pausedAt;

	private long pausedNanos;

	private @Nullable CompletableFuture<Boolean> timer;

	private boolean ended;

	/**
	 * Create the deadline of a body that begins to arrive now.
	 * @param limits limits of its arrival
	 * @param nanoTime the clock, as {@link System#nanoTime()}
	 */
	public ArrivalDeadline(ArrivalLimits limits, LongSupplier nanoTime) {
		this.limits = Objects.requireNonNull(limits, "'limits' must not be null");
		this.nanoTime = Objects.requireNonNull(nanoTime, "'nanoTime' must not be null");
		this.begin = nanoTime.getAsLong();
		this.lastByte = this.begin;
	}

	/**
	 * Called when bytes have arrived.
	 * @param count their number, at least 1
	 */
	public void arrived(int count) {
		this.lock.lock();
		try {
			this.bytes += count;
			this.lastByte = this.nanoTime.getAsLong();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Called when the body waits for room, so that no more of it is read.
	 */
	public void pause() {
		this.lock.lock();
		try {
			if (this.pausedAt == null) {
				this.pausedAt = this.nanoTime.getAsLong();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Called when the body is read again.
	 */
	public void resume() {
		this.lock.lock();
		try {
			if (this.pausedAt != null) {
				long pause = this.nanoTime.getAsLong() - this.pausedAt;
				this.pausedNanos += pause;
				this.lastByte += pause;
				this.pausedAt = null;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Check the deadline.
	 * @return reason to give the body up, or {@code null} if it is in time
	 */
	public @Nullable NotAdmittedException check() {
		this.lock.lock();
		try {
			return (nanosLeft() > 0) ? null : late();
		}
		finally {
			this.lock.unlock();
		}
	}

	// Time until the body is late if no further byte arrives
	private long nanosLeft() {
		if (this.pausedAt != null) {
			return this.limits.readTimeout().toNanos();
		}
		long now = this.nanoTime.getAsLong();
		return Math.min(this.lastByte + this.limits.readTimeout().toNanos() - now,
				this.begin + nanosEarned() + this.pausedNanos - now);
	}

	// Time allowed for the bytes that have arrived
	private long nanosEarned() {
		long rate = this.limits.minBytesPerSecond();
		double seconds = (rate > 0) ? (double) this.bytes / rate : Double.MAX_VALUE;
		long grace = this.limits.grace().toNanos();
		// Half of the range, to leave room for an addition
		return (long) Math.min(Math.max(grace, seconds * 1e9), Long.MAX_VALUE / 2.0);
	}

	private NotAdmittedException late() {
		long now = this.nanoTime.getAsLong();
		if (now - this.lastByte >= this.limits.readTimeout().toNanos()) {
			return new NotAdmittedException(Rejection.INCOMPLETE,
					"The body of a request has not gone on for " + this.limits.readTimeout().toMillis()
							+ " ms ('statefun.read-timeout'), after " + this.bytes + " bytes; it was given up");
		}
		return new NotAdmittedException(Rejection.INCOMPLETE,
				"The body of a request had " + this.bytes + " bytes after "
						+ TimeUnit.NANOSECONDS.toMillis(now - this.begin - this.pausedNanos) + " ms; expected at least "
						+ this.limits.minBytesPerSecond()
						+ " bytes per second ('statefun.min-read-rate'); it was given up");
	}

	/**
	 * Watch the body until {@link #end()}.
	 * @param onLate called once on a thread of the timer when the body is late; must be
	 * fast
	 */
	public void watch(Consumer<NotAdmittedException> onLate) {
		NotAdmittedException late;
		this.lock.lock();
		try {
			if (this.ended) {
				return;
			}
			long left = nanosLeft();
			late = (left > 0) ? null : late();
			if (late == null) {
				CompletableFuture<Boolean> next = new CompletableFuture<Boolean>().completeOnTimeout(true, left,
						TimeUnit.NANOSECONDS);
				next.thenAccept((due) -> {
					if (due) {
						watch(onLate);
					}
				});
				this.timer = next;
			}
			else {
				this.ended = true;
			}
		}
		finally {
			this.lock.unlock();
		}
		if (late != null) {
			onLate.accept(late);
		}
	}

	/**
	 * Called when the body is complete, or given up for another reason.
	 */
	public void end() {
		CompletableFuture<Boolean> last;
		this.lock.lock();
		try {
			this.ended = true;
			last = this.timer;
			this.timer = null;
		}
		finally {
			this.lock.unlock();
		}
		if (last != null) {
			// On Java 17 a timer is only removed by completing it
			last.complete(false);
		}
	}

}
