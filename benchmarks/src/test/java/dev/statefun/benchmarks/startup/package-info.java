/**
 * Tests of the startup comparison.
 */
@NullMarked
package dev.statefun.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
