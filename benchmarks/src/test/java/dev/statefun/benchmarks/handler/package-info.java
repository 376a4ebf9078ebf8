/**
 * Tests of the benchmarks of the handler.
 */
@NullMarked
package dev.statefun.benchmarks.handler;

import org.jspecify.annotations.NullMarked;
