package dev.statefun.console.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * A page of records, the newest first.
 *
 * @param <T> the kind of records
 * @param records the records
 * @param next number before which the next page begins, or {@code null} on the last page
 * @since 0.1.0
 */
public record Page<T>(List<T> records, @Nullable Long next) {

	static <T> Page<T> of(List<Map.Entry<Long, T>> all, int limit, Predicate<T> filter) {
		List<T> records = new ArrayList<>();
		long last = 0;
		for (Map.Entry<Long, T> entry : all) {
			if (filter.test(entry.getValue())) {
				if (records.size() == limit) {
					return new Page<>(records, last);
				}
				records.add(entry.getValue());
				last = entry.getKey();
			}
		}
		return new Page<>(records, null);
	}

}
