/**
 * How Java types become messages and states, and back.
 */
@NullMarked
package dev.statefun.sdk.message;

import org.jspecify.annotations.NullMarked;
