package dev.statefun.testing.planted;

import org.jspecify.annotations.Nullable;

/**
 * First class of a knot of four.
 */
public final class KnotOne {

	@Nullable KnotTwo two;

}
