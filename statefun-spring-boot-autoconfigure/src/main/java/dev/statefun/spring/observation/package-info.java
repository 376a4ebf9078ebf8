/**
 * Observations of batches and of single messages.
 */
@NullMarked
package dev.statefun.spring.observation;

import org.jspecify.annotations.NullMarked;
