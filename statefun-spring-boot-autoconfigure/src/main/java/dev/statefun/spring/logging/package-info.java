/**
 * Log context of the message that is being handled.
 */
@NullMarked
package dev.statefun.spring.logging;

import org.jspecify.annotations.NullMarked;
