/**
 * Listeners and observers of batches, for metrics, logs and traces.
 */
@NullMarked
package dev.statefun.sdk.listener;

import org.jspecify.annotations.NullMarked;
