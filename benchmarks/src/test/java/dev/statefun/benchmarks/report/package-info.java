/**
 * Tests of the statistics.
 */
@NullMarked
package dev.statefun.benchmarks.report;

import org.jspecify.annotations.NullMarked;
