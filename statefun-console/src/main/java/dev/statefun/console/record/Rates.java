package dev.statefun.console.record;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.statefun.sdk.FunctionType;

/**
 * Counts the messages of each function. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Rates {

	private static final int SECONDS = 10;

	private final Map<FunctionType, Counts> functions = new ConcurrentHashMap<>();

	Rates() {
	}

	void count(FunctionType function, Outcome outcome, long nowMillis) {
		this.functions.computeIfAbsent(function, (type) -> new Counts()).count(outcome, nowMillis / 1000);
	}

	void clear() {
		this.functions.clear();
	}

	/**
	 * Return the messages per second over the last ten seconds.
	 * @param function type of the function
	 * @param nowMillis the time in milliseconds, of the wall clock
	 * @return the rate
	 */
	public double rate(FunctionType function, long nowMillis) {
		Counts counts = this.functions.get(function);
		return (counts != null) ? counts.recent(nowMillis / 1000) / (double) SECONDS : 0;
	}

	/**
	 * Return the number of messages with an outcome.
	 * @param function type of the function
	 * @param outcome the outcome
	 * @return the number
	 */
	public long total(FunctionType function, Outcome outcome) {
		Counts counts = this.functions.get(function);
		return (counts != null) ? counts.total(outcome) : 0;
	}

	/**
	 * Counts of one function.
	 */
	private static final class Counts {

		private final long[] perSecond = new long[SECONDS];

		private final Map<Outcome, Long> totals = new EnumMap<>(Outcome.class);

		private long second;

		synchronized void count(Outcome outcome, long now) {
			move(now);
			this.perSecond[(int) (now % SECONDS)]++;
			this.totals.merge(outcome, 1L, Long::sum);
		}

		synchronized long recent(long now) {
			move(now);
			long sum = 0;
			for (long count : this.perSecond) {
				sum += count;
			}
			return sum;
		}

		synchronized long total(Outcome outcome) {
			return this.totals.getOrDefault(outcome, 0L);
		}

		private void move(long now) {
			if (now - this.second >= SECONDS) {
				Arrays.fill(this.perSecond, 0);
				this.second = now;
			}
			while (this.second < now) {
				this.second++;
				this.perSecond[(int) (this.second % SECONDS)] = 0;
			}
		}

	}

}
