package dev.statefun.netty;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.statefun.sdk.FunctionType;
import org.jspecify.annotations.Nullable;

/**
 * Pace of one function, which decides whether its batches run on event loops: after a
 * hundred consecutive quick ones, until more than one of 25 is not quick. After a batch
 * that has blocked a loop, also not before a time that doubles with each such batch.
 * <p>
 * Thread-safe.
 */
final class FunctionPace {

	static final int QUICK_BATCHES = 100;

	static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	/** Score of a function that was quick for long. */
	private static final int BEST = 2 * QUICK_BATCHES;

	/** What a batch that is not quick takes from the score of a quick function. */
	private static final int FAULT = QUICK_BATCHES / 4;

	private static final long FIRST_BAN = TimeUnit.SECONDS.toNanos(10);

	private static final long LONGEST_BAN = TimeUnit.MINUTES.toNanos(10);

	private final FunctionType function;

	/** Number of consecutive quick batches; more than {@link #QUICK_BATCHES} if quick. */
	private final AtomicInteger score = new AtomicInteger();

	private volatile @Nullable Ban ban;

	FunctionPace(FunctionType function) {
		this.function = function;
	}

	FunctionType function() {
		return this.function;
	}

	/**
	 * Return whether the next batch may run on an event loop.
	 * @return whether the last batches were quick, with few exceptions
	 */
	boolean isQuick() {
		return isQuick(this.score.get());
	}

	private static boolean isQuick(int score) {
		return score > QUICK_BATCHES;
	}

	/**
	 * Count a batch, on whichever thread it has run.
	 * @param nanos time that it has occupied the thread
	 * @param now time of its end
	 */
	void ended(long nanos, long now) {
		int before = this.score.get();
		int after = (nanos < QUICK_NANOS) ? afterQuickBatch(before, now) : afterSlowBatch(before);
		if (after != before) {
			// Losing a batch to another thread only delays the result, but a batch that
			// blocks meanwhile must not be forgotten
			this.score.compareAndSet(before, after);
		}
	}

	private int afterQuickBatch(int score, long now) {
		if (isQuick(score)) {
			return Math.min(score + 1, BEST);
		}
		if (score + 1 < QUICK_BATCHES) {
			return score + 1;
		}
		return isBanned(now) ? score : BEST;
	}

	// A thread that waits for a processor makes a batch of any function slow now and then
	private static int afterSlowBatch(int score) {
		return isQuick(score - FAULT) ? score - FAULT : 0;
	}

	private boolean isBanned(long now) {
		Ban last = this.ban;
		return last != null && now - last.end < 0;
	}

	/**
	 * Ban the function from event loops. Called by one thread at a time.
	 * @param now time at which a batch is found to block a loop
	 * @return time for which it is banned
	 */
	Duration blocked(long now) {
		Ban last = this.ban;
		if (last != null && now - last.end < 0) {
			// Another loop is blocked at the same time
			this.score.set(0);
			return Duration.ofNanos(last.length);
		}
		// One that has behaved for long begins again
		long length = (last == null || now - last.end > LONGEST_BAN) ? FIRST_BAN
				: Math.min(2 * last.length, LONGEST_BAN);
		this.ban = new Ban(now + length, length);
		this.score.set(0);
		return Duration.ofNanos(length);
	}

	/**
	 * Time without event loops.
	 *
	 * @param end its end
	 * @param length its length
	 */
	private record Ban(long end, long length) {

	}

}
