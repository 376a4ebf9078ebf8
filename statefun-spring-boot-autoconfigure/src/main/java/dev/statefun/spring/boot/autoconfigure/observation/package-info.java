/**
 * Auto-configuration of observations and of the log context.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.observation;

import org.jspecify.annotations.NullMarked;
