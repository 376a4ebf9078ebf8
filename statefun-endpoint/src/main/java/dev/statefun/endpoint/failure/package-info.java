/**
 * Log of failures, limited to a line per topic and minute.
 */
@NullMarked
package dev.statefun.endpoint.failure;

import org.jspecify.annotations.NullMarked;
