/**
 * What becomes of messages that failed.
 */
@NullMarked
package dev.statefun.spring.failure;

import org.jspecify.annotations.NullMarked;
