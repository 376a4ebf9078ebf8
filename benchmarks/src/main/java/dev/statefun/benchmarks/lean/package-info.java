/**
 * An experiment: the leanest server for the handler that still tolerates functions which
 * block.
 */
@NullMarked
package dev.statefun.benchmarks.lean;

import org.jspecify.annotations.NullMarked;
