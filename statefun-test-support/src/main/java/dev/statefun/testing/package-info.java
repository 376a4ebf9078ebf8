/**
 * Fixtures that the tests of several modules share.
 */
@NullMarked
package dev.statefun.testing;

import org.jspecify.annotations.NullMarked;
