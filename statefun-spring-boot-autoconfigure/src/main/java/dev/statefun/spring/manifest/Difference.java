package dev.statefun.spring.manifest;

/**
 * One difference inside a type.
 *
 * @param kind what has changed
 * @param path where
 * @param before what was there
 * @param after what is there
 * @param forward whether the new release reads what the old one has written
 * @param back whether the old release reads what the new one has written
 */
record Difference(StateChange.Kind kind, String path, String before, String after, Reads forward, Reads back) {

}
