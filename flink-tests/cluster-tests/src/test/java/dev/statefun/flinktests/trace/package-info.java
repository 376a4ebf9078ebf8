/**
 * The service of the test of traces.
 */
@NullMarked
package dev.statefun.flinktests.trace;

import org.jspecify.annotations.NullMarked;
