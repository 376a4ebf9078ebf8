package dev.statefun.sdk.planted;

/**
 * Third class of a knot of four, by an array.
 */
public final class KnotThree {

	KnotFour[] four = {};

}
