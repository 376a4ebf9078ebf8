/**
 * Tests of separate JVMs for measurements.
 */
@NullMarked
package dev.statefun.benchmarks.fork;

import org.jspecify.annotations.NullMarked;
