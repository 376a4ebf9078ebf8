/**
 * Benchmarks and comparisons.
 */
@NullMarked
package dev.statefun.benchmarks;

import org.jspecify.annotations.NullMarked;
