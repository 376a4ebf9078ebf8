package dev.statefun.benchmarks.report;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

class SamplesTests {

	@Test
	void percentileIsASample() {
		assertThat(samples(3, 1, 100).percentile(50)).isEqualTo(3);
		assertThat(samples(3, 1, 100).percentile(99)).isEqualTo(100);
		assertThat(samples(3, 1, 100).percentile(1)).isEqualTo(1);
	}

	@Test
	void medianIsTheMiddleSampleOrTheMeanOfTwo() {
		assertThat(samples(3, 1, 100).median()).isEqualTo(3);
		assertThat(samples(4, 1, 100, 2).median()).isEqualTo(3);
		assertThat(Samples.none().median()).isNaN();
	}

	@Test
	void differencesAreTakenWithinARound() {
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

	@Test
	void ratiosAreTakenWithinARound() {
		assertThat(samples(10, 20, 60).dividedBy(samples(5, 20, 20)).median()).isEqualTo(2);
		assertThatIllegalArgumentException().isThrownBy(() -> samples(1, 2).dividedBy(samples(1)))
			.withMessageContaining("Found 1 samples to divide by, expected 2");
	}

	// The smallest numbers of samples for each rank are in tables of the sign test
	@ParameterizedTest
	@CsvSource({ "6,1", "8,1", "9,2", "11,2", "12,3", "14,3", "15,4", "16,4", "17,5", "20,6", "25,8", "30,10", "50,18",
			"100,40" })
	void intervalOfTheMedianIsFromOneRankToAnother(int count, int rank) {
		Samples samples = Samples.none();
		for (int value = count; value >= 1; value--) {
			samples = samples.and(value);
		}
		assertThat(samples.medianInterval()).isEqualTo(new Samples.Interval((count + 1) / 2.0, rank, count + 1 - rank));
	}

	@Test
	void intervalOfTiesIsAsNarrowAsTheTies() {
		assertThat(samples(1, 1, 1, 1, 1, 1).medianInterval()).isEqualTo(new Samples.Interval(1, 1, 1));
		assertThat(samples(9, 2, 2, 2, 1, 2, 2, 2, 2).medianInterval()).isEqualTo(new Samples.Interval(2, 2, 2));
		assertThat(samples(3, 3, 3, 3, 5, 5, 5, 5, 5).medianInterval()).isEqualTo(new Samples.Interval(5, 3, 5));
	}

	@Test
	void medianIsFormattedWithItsIntervalIfThereIsOne() {
		assertThat(samples(1, 2, 3, 4, 5).formatMedian("%.1f")).isEqualTo("3.0");
		assertThat(samples(1, 1, 1, 1, 1, 1).formatMedian("%.1f")).isEqualTo("1.0 [1.0, 1.0]");
	}

	@Test
	void medianOfFiveSamplesHasNoInterval() {
		assertThatIllegalStateException().isThrownBy(() -> samples(1, 2, 3, 4, 5).medianInterval())
			.withMessageContaining("Found 5 samples, expected at least 6");
	}

	@Test
	void intervalIsComparedAsAWhole() {
		Samples.Interval interval = new Samples.Interval(1.02, 1.01, 1.03);
		assertThat(interval.against(1.03)).isEqualTo(Verdict.MET).hasToString("met");
		assertThat(interval.against(1.02)).isEqualTo(Verdict.UNDECIDED).hasToString("undecided");
		assertThat(interval.against(1.01)).isEqualTo(Verdict.UNDECIDED);
		assertThat(interval.against(1.00)).isEqualTo(Verdict.MISSED).hasToString("missed");
	}

	private static Samples samples(double... values) {
		Samples samples = Samples.none();
		for (double value : values) {
			samples = samples.and(value);
		}
		return samples;
	}

}
