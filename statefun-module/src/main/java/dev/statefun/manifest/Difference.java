package dev.statefun.manifest;

/**
 * Difference inside a type.
 *
 * @param kind kind of change
 * @param path path inside the type
 * @param before former declaration
 * @param after current declaration
 * @param forward whether the new release reads what the old one has written
 * @param back whether the old release reads what the new one has written
 */
record Difference(StateChange.Kind kind, String path, String before, String after, Reads forward, Reads back) {

}
