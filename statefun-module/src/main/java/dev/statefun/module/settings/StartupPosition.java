package dev.statefun.module.settings;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Position from which an ingress starts without a checkpoint.
 *
 * @param type kind of position; {@code null} for the latest
 * @param date the date, for the type {@code date}
 * @param offsets offsets by {@code <topic>/<partition>}, for the type
 * {@code specific-offsets}
 * @since 0.1.0
 */
public record StartupPosition(@Nullable Type type, @Nullable Instant date, @Nullable Map<String, Long> offsets) {

	/**
	 * Create a position.
	 * @param type kind of position
	 * @param date the date
	 * @param offsets offsets by topic and partition
	 * @throws IllegalArgumentException if there is a date or there are offsets without
	 * the type for them, or the other way round
	 */
	public StartupPosition {
		Checks.isTrue((type == Type.DATE) == (date != null),
				() -> "A startup position of the type 'date', and no other, has a 'date'");
		boolean hasOffsets = offsets != null && !offsets.isEmpty();
		Checks.isTrue((type == Type.SPECIFIC_OFFSETS) == hasOffsets,
				() -> "A startup position of the type 'specific-offsets', and no other, has 'offsets'");
		offsets = (offsets != null) ? Map.copyOf(offsets) : null;
	}

	/**
	 * Kind of a startup position.
	 */
	public enum Type {

		/** New records only. */
		LATEST,

		/** The oldest record. */
		EARLIEST,

		/** The committed offsets of the consumer group; Kafka only. */
		GROUP_OFFSETS,

		/** Offsets of partitions; Kafka only. */
		SPECIFIC_OFFSETS,

		/** A date. */
		DATE

	}

}
