package dev.statefun.testing.planted;

/**
 * Fourth class of a knot of four, by a return type.
 */
public final class KnotFour {

	KnotOne one() {
		return new KnotOne();
	}

}
