package dev.statefun.testing.planted;

import org.jspecify.annotations.Nullable;

/**
 * Second class of a knot of four, by a nested class.
 */
public final class KnotTwo {

	static final class Nested {

		@Nullable KnotThree three;

	}

}
