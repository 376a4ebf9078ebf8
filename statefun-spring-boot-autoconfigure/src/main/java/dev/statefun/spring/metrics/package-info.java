/**
 * Micrometer meters of stateful functions.
 */
@NullMarked
package dev.statefun.spring.metrics;

import org.jspecify.annotations.NullMarked;
