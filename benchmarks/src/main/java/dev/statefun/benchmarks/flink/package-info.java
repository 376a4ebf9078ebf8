/**
 * Comparisons of servers behind a released runtime in a process of its own.
 */
@NullMarked
package dev.statefun.benchmarks.flink;

import org.jspecify.annotations.NullMarked;
