/**
 * Classes on which the rules of the architecture are tested.
 */
@NullMarked
package dev.statefun.testing.planted;

import org.jspecify.annotations.NullMarked;
