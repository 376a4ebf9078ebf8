/**
 * Meters of the functions, with Micrometer.
 */
@NullMarked
package dev.statefun.spring.metrics;

import org.jspecify.annotations.NullMarked;
