/**
 * Tests of what is told about servers behind a released runtime.
 */
@NullMarked
package dev.statefun.benchmarks.flink;

import org.jspecify.annotations.NullMarked;
