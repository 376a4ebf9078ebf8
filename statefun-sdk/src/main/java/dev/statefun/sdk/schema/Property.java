package dev.statefun.sdk.schema;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A property of an object, which is found by its name.
 *
 * @param content what stands there
 * @param aliases other names under which it is read
 * @param written whether it is written
 * @param omittable whether writing may leave it out
 * @param read whether it is read
 * @param whenAbsent what reading gives if it is left out
 * @since 0.1.0
 */
public record Property(Content content, SortedSet<String> aliases, boolean written, boolean omittable, boolean read,
		Missing whenAbsent) {

	/**
	 * Create a property.
	 * @param content what stands there
	 * @param aliases other names under which it is read
	 * @param written whether it is written
	 * @param omittable whether writing may leave it out
	 * @param read whether it is read
	 * @param whenAbsent what reading gives if it is left out
	 */
	public Property {
		Objects.requireNonNull(content, "'content' must not be null");
		Objects.requireNonNull(whenAbsent, "'whenAbsent' must not be null");
		aliases = Collections.unmodifiableSortedSet(new TreeSet<>(aliases));
	}

}
