/**
 * Stand-in for the program that runs released runtimes.
 */
@NullMarked
package dev.statefun.flinktests.runtime;

import org.jspecify.annotations.NullMarked;
