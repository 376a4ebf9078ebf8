/**
 * Output of the benchmarks: Markdown tables, and the statistics in them.
 */
@NullMarked
package dev.statefun.benchmarks.report;

import org.jspecify.annotations.NullMarked;
