/**
 * How fast it is.
 */
@NullMarked
package dev.statefun.benchmarks;

import org.jspecify.annotations.NullMarked;
