/**
 * Payloads of messages, states and records as text.
 */
@NullMarked
package dev.statefun.console.payload;

import org.jspecify.annotations.NullMarked;
