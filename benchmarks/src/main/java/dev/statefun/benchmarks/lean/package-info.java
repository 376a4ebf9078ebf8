/**
 * An experiment: how lean a server for the handler can be that still survives functions
 * which block.
 */
@NullMarked
package dev.statefun.benchmarks.lean;

import org.jspecify.annotations.NullMarked;
