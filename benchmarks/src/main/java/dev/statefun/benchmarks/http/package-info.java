/**
 * Comparisons over HTTP: servers in processes of their own, loaded by {@code wrk} in
 * another.
 */
@NullMarked
package dev.statefun.benchmarks.http;

import org.jspecify.annotations.NullMarked;
