/**
 * Time limits, concurrency limits and retries of functions.
 */
@NullMarked
package dev.statefun.spring.execution;

import org.jspecify.annotations.NullMarked;
