package dev.statefun.benchmarks.report;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class SamplesTests {

	@Test
	void medianIsThatInTheMiddleOrBetweenTheTwo() {
		assertThat(samples(3, 1, 100).median()).isEqualTo(3);
		assertThat(samples(4, 1, 100, 2).median()).isEqualTo(3);
		assertThat(Samples.none().median()).isNaN();
	}

	@Test
	void differencesAreThoseWithinARound() {
		assertThat(samples(10, 20, 60).minus(samples(9, 18, 30)).median()).isEqualTo(2);
	}

	@Test
	void intervalHoldsTheDifferenceAndIsAsWideAsTheNoise() {
		Samples.Interval sure = samples(11, 11, 11, 11).differenceOfMedians(samples(1, 1, 1, 1));
		assertThat(sure).isEqualTo(new Samples.Interval(10, 10, 10));
		Samples.Interval noisy = samples(11, 8, 14, 11, 10, 12).differenceOfMedians(samples(1, 2, 0, 3, -1, 1));
		assertThat(noisy.estimate()).isCloseTo(10, within(0.001));
		assertThat(noisy.low()).isBetween(5.0, 9.9);
		assertThat(noisy.high()).isBetween(10.1, 15.0);
	}

	private static Samples samples(double... values) {
		Samples samples = Samples.none();
		for (double value : values) {
			samples = samples.and(value);
		}
		return samples;
	}

}
