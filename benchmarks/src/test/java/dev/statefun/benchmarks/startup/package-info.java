/**
 * What the tests of start-ups hold.
 */
@NullMarked
package dev.statefun.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
