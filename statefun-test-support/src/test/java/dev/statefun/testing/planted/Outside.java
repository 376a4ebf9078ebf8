package dev.statefun.testing.planted;

import org.jspecify.annotations.Nullable;

/**
 * Depends on a class of the knot, which does not depend on it.
 */
public final class Outside {

	@Nullable KnotOne one;

}
