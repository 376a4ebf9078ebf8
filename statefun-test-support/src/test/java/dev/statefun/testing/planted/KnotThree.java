package dev.statefun.testing.planted;

/**
 * Third class of a knot of four, by an array.
 */
public final class KnotThree {

	KnotFour[] four = {};

}
