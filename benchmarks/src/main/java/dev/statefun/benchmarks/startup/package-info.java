/**
 * Startup cost of the starter.
 */
@NullMarked
package dev.statefun.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
