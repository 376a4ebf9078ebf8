/**
 * Auto-configuration of time limits, concurrency limits and retries.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.execution;

import org.jspecify.annotations.NullMarked;
