/**
 * Fixtures of the sdk's tests.
 */
@NullMarked
package dev.statefun.sdk.testing;

import org.jspecify.annotations.NullMarked;
