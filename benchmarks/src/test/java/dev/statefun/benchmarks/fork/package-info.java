/**
 * Tests of JVMs that measurements run in.
 */
@NullMarked
package dev.statefun.benchmarks.fork;

import org.jspecify.annotations.NullMarked;
