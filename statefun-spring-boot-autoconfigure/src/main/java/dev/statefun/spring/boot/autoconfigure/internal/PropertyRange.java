package dev.statefun.spring.boot.autoconfigure.internal;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * Internal: may change in any release. Range of valid values of a property, checked at
 * start-up. The property's description states the same range.
 *
 * @param <T> type of the property
 * @param min smallest value
 * @param max largest value
 * @param text range as stated in messages and descriptions
 */
public record PropertyRange<T extends Comparable<T>>(T min, T max, String text) {

	/** Times that may be zero. A week fits into all counters and timers. */
	public static final PropertyRange<Duration> TIME = ofTime("0s", "7d");

	/** Times that must be positive. */
	public static final PropertyRange<Duration> POSITIVE_TIME = ofTime("1ms", "7d");

	/** Sizes of data that one array holds. */
	public static final PropertyRange<DataSize> BODY_SIZE = ofSize("1B", "2047MB");

	/** Counts that must be at least one. */
	public static final PropertyRange<Integer> COUNT = of(1, 1_000_000);

	/** Ports, with 0 for any free port. */
	public static final PropertyRange<Integer> PORT = of(0, 0xffff);

	/**
	 * Create a range of times.
	 * @param min smallest value, such as "1ms"
	 * @param max largest value, such as "7d"
	 * @return the range
	 */
	public static PropertyRange<Duration> ofTime(String min, String max) {
		return new PropertyRange<>(DurationStyle.detectAndParse(min), DurationStyle.detectAndParse(max),
				min + " to " + max);
	}

	/**
	 * Create a range of sizes.
	 * @param min smallest value, such as "1B"
	 * @param max largest value, such as "1TB"
	 * @return the range
	 */
	public static PropertyRange<DataSize> ofSize(String min, String max) {
		return new PropertyRange<>(DataSize.parse(min), DataSize.parse(max), min + " to " + max);
	}

	/**
	 * Create a range of numbers.
	 * @param <T> type of the numbers
	 * @param min smallest value
	 * @param max largest value
	 * @return the range
	 */
	public static <T extends Comparable<T>> PropertyRange<T> of(T min, T max) {
		return new PropertyRange<>(min, max, min + " to " + max);
	}

	/**
	 * Check a value.
	 * @param property name of the property
	 * @param value its value, or {@code null} if it is not set
	 */
	public void check(String property, @Nullable T value) {
		Assert.isTrue(value == null || (this.min.compareTo(value) <= 0 && this.max.compareTo(value) >= 0),
				() -> "'" + property + "' is " + value + "; expected " + this.text);
	}

}
