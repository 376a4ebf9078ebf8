package dev.statefun.benchmarks.report;

import java.util.Arrays;
import java.util.Random;

/**
 * Repeated measurements of one figure.
 */
public final class Samples {

	/** Fewer samples have no 95 % interval of the median. */
	public static final int MIN_OF_INTERVAL = 6;

	private static final int RESAMPLES = 10_000;

	/** Probability that a 95 % interval lies entirely on one side of the true value. */
	private static final double TAIL = 0.025;

	private final double[] values;

	private Samples(double[] values) {
		this.values = values;
	}

	/**
	 * Create an empty list of samples.
	 * @return no samples
	 */
	public static Samples none() {
		return new Samples(new double[0]);
	}

	/**
	 * Add a sample.
	 * @param value measured value
	 * @return these samples with that one added
	 */
	public Samples and(double value) {
		double[] more = Arrays.copyOf(this.values, this.values.length + 1);
		more[this.values.length] = value;
		return new Samples(more);
	}

	/**
	 * Return the median; for an even number of samples, the mean of the two in the
	 * middle.
	 * @return the median
	 */
	public double median() {
		return median(this.values.clone());
	}

	/**
	 * Return a percentile.
	 * @param percent percentage of samples at or below it, 1 to 100
	 * @return the nearest sample
	 */
	public double percentile(int percent) {
		double[] sorted = this.values.clone();
		Arrays.sort(sorted);
		return sorted[Math.max(0, (int) Math.ceil(sorted.length * percent / 100.0) - 1)];
	}

	/**
	 * Subtract sample by sample, where samples of the same round belong together.
	 * @param others samples to subtract; the same number
	 * @return the differences
	 */
	public Samples minus(Samples others) {
		double[] differences = new double[this.values.length];
		for (int i = 0; i < differences.length; i++) {
			differences[i] = this.values[i] - others.values[i];
		}
		return new Samples(differences);
	}

	/**
	 * Divide sample by sample, where samples of the same round belong together.
	 * @param others samples to divide by; the same number
	 * @return the ratios
	 */
	public Samples dividedBy(Samples others) {
		if (others.values.length != this.values.length) {
			throw new IllegalArgumentException("Found %d samples to divide by, expected %d: one of each round"
				.formatted(others.values.length, this.values.length));
		}
		double[] ratios = new double[this.values.length];
		for (int i = 0; i < ratios.length; i++) {
			ratios[i] = this.values[i] / others.values[i];
		}
		return new Samples(ratios);
	}

	/**
	 * Return the median with its 95 % interval by order statistics, whose bounds are
	 * samples: the 4th and the 12th of 15. It makes no assumption about the distribution.
	 * @return the interval
	 * @throws IllegalStateException with fewer than six samples, which have no such
	 * interval
	 */
	public Interval medianInterval() {
		int beyond = samplesBeyondEachBound(this.values.length);
		double[] sorted = this.values.clone();
		Arrays.sort(sorted);
		return new Interval(median(), sorted[beyond], sorted[sorted.length - 1 - beyond]);
	}

	/**
	 * Format the median, with its 95 % interval if there are samples enough for one.
	 * @param pattern format of each number
	 * @return the text
	 */
	public String formatMedian(String pattern) {
		return (this.values.length >= MIN_OF_INTERVAL) ? medianInterval().format(pattern)
				: Report.number(pattern, median());
	}

	// The largest k with P(X <= k) of at most 2.5 %, where X is binomial: the number
	// of n samples below the true median
	private static int samplesBeyondEachBound(int samples) {
		double probability = Math.pow(0.5, samples);
		double sum = 0;
		int below = 0;
		while (sum + probability <= TAIL) {
			sum += probability;
			probability *= (samples - below) / (below + 1.0);
			below++;
		}
		if (below == 0) {
			throw new IllegalStateException("Found " + samples + " samples, expected at least " + MIN_OF_INTERVAL
					+ " for a 95 % interval of the median");
		}
		return below - 1;
	}

	/**
	 * Return the difference of the medians with its 95 % interval by bootstrap: the same
	 * samples are drawn again, with repetition.
	 * @param others samples to subtract
	 * @return the interval
	 */
	public Interval differenceOfMedians(Samples others) {
		// Makes the report reproducible for the same samples
		Random random = new Random(1);
		double[] differences = new double[RESAMPLES];
		for (int i = 0; i < RESAMPLES; i++) {
			differences[i] = median(draw(this.values, random)) - median(draw(others.values, random));
		}
		Arrays.sort(differences);
		return new Interval(median() - others.median(), differences[RESAMPLES / 40],
				differences[RESAMPLES - 1 - RESAMPLES / 40]);
	}

	private static double[] draw(double[] values, Random random) {
		double[] drawn = new double[values.length];
		for (int i = 0; i < drawn.length; i++) {
			drawn[i] = values[random.nextInt(values.length)];
		}
		return drawn;
	}

	private static double median(double[] values) {
		if (values.length == 0) {
			return Double.NaN;
		}
		Arrays.sort(values);
		return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
	}

	/**
	 * A figure and its uncertainty.
	 *
	 * @param estimate the figure
	 * @param low lower bound
	 * @param high upper bound
	 */
	public record Interval(double estimate, double low, double high) {

		/**
		 * Compare the whole interval with a limit.
		 * @param limit largest allowed figure
		 * @return whether the limit is met, missed, or within the interval
		 */
		public Verdict against(double limit) {
			if (this.low > limit) {
				return Verdict.MISSED;
			}
			return (this.high <= limit) ? Verdict.MET : Verdict.UNDECIDED;
		}

		/**
		 * Format the interval.
		 * @param pattern format of each number
		 * @return the text
		 */
		public String format(String pattern) {
			return Report.number(pattern, this.estimate) + " [" + Report.number(pattern, this.low) + ", "
					+ Report.number(pattern, this.high) + "]";
		}

	}

}
