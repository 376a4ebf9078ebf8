/**
 * Comparison of two versions of the libraries.
 */
@NullMarked
package dev.statefun.benchmarks.baseline;

import org.jspecify.annotations.NullMarked;
