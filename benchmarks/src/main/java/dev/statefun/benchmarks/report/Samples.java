package dev.statefun.benchmarks.report;

import java.util.Arrays;
import java.util.Random;

/**
 * What was measured again and again.
 */
public final class Samples {

	private static final int RESAMPLES = 10_000;

	/** Probability that an interval of 95 % lies wholly on one side of the truth. */
	private static final double TAIL = 0.025;

	private final double[] values;

	private Samples(double[] values) {
		this.values = values;
	}

	/**
	 * Begin with nothing.
	 * @return no samples
	 */
	public static Samples none() {
		return new Samples(new double[0]);
	}

	/**
	 * Add a sample.
	 * @param value what was measured
	 * @return these samples and that one
	 */
	public Samples and(double value) {
		double[] more = Arrays.copyOf(this.values, this.values.length + 1);
		more[this.values.length] = value;
		return new Samples(more);
	}

	/**
	 * The median; of an even number of samples the mean of the two in the middle.
	 * @return the median
	 */
	public double median() {
		return median(this.values.clone());
	}

	/**
	 * The sample by sample difference, where samples of the same round belong together.
	 * @param others what to subtract; as many
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
	 * The sample by sample ratio, where samples of the same round belong together.
	 * @param others what to divide by; as many
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
	 * The median with its 95 % interval by order statistics, whose bounds are samples:
	 * the 4th and the 12th of 15. It assumes nothing about the distribution.
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

	// The largest k with P(X <= k) of at most 2.5 %, where X is binomial: how many of n
	// samples lie below the true median
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
			throw new IllegalStateException(
					"Found " + samples + " samples, expected at least 6 for a 95 % interval of the median");
		}
		return below - 1;
	}

	/**
	 * Between what the difference of the medians lies with a probability of 95 %, by
	 * bootstrap: the same samples are drawn again, with repetition.
	 * @param others what to subtract
	 * @return the interval
	 */
	public Interval differenceOfMedians(Samples others) {
		// The same report for the same samples
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
	 * A figure and how sure it is.
	 *
	 * @param estimate the figure
	 * @param low lower bound
	 * @param high upper bound
	 */
	public record Interval(double estimate, double low, double high) {

		/**
		 * Compare the whole interval with a limit.
		 * @param limit the largest figure that is allowed
		 * @return whether the limit is met, missed, or within the interval
		 */
		public Verdict against(double limit) {
			if (this.low > limit) {
				return Verdict.MISSED;
			}
			return (this.high <= limit) ? Verdict.MET : Verdict.UNDECIDED;
		}

		/**
		 * Write it down.
		 * @param pattern how to format each number
		 * @return the text
		 */
		public String format(String pattern) {
			return Report.number(pattern, this.estimate) + " [" + Report.number(pattern, this.low) + ", "
					+ Report.number(pattern, this.high) + "]";
		}

	}

}
