/**
 * Failures of messages. A {@link FailurePolicy} decides how they are handled.
 */
@NullMarked
package dev.statefun.sdk.failure;

import org.jspecify.annotations.NullMarked;
