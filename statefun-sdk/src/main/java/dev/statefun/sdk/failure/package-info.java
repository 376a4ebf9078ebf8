/**
 * Failures of messages: their kinds, and the policy that decides what happens to them.
 */
@NullMarked
package dev.statefun.sdk.failure;

import org.jspecify.annotations.NullMarked;
