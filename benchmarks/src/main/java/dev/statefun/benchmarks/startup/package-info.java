/**
 * What the starter adds to the start of an application.
 */
@NullMarked
package dev.statefun.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
