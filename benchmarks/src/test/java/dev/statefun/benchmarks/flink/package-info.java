/**
 * Tests of the figures of servers behind a released runtime.
 */
@NullMarked
package dev.statefun.benchmarks.flink;

import org.jspecify.annotations.NullMarked;
