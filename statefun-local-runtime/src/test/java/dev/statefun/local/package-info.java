/**
 * Tests of the local runtime.
 */
@NullMarked
package dev.statefun.local;

import org.jspecify.annotations.NullMarked;
