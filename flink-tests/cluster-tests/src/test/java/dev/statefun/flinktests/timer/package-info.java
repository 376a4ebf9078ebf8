/**
 * Functions with named timers, for tests on released runtimes.
 */
@NullMarked
package dev.statefun.flinktests.timer;

import org.jspecify.annotations.NullMarked;
