/**
 * Tests of the playground.
 */
@NullMarked
package dev.statefun.local.playground;

import org.jspecify.annotations.NullMarked;
