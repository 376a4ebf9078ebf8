/**
 * Tests of the comparison of two versions.
 */
@NullMarked
package dev.statefun.benchmarks.baseline;

import org.jspecify.annotations.NullMarked;
