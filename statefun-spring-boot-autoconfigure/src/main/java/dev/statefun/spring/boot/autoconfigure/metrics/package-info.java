/**
 * Auto-configuration of meters.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
