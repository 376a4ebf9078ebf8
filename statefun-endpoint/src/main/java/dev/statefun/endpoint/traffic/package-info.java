/**
 * Limits on concurrent requests, second deliveries, and draining at shutdown.
 */
@NullMarked
package dev.statefun.endpoint.traffic;

import org.jspecify.annotations.NullMarked;
