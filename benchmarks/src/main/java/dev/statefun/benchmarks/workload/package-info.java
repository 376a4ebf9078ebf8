/**
 * Measured functions, written for this SDK and for the official one, and the requests
 * that a 3.x cluster sends them.
 */
@NullMarked
package dev.statefun.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
