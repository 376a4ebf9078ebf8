/**
 * Tests of the tester and its assertions.
 */
@NullMarked
package dev.statefun.test;

import org.jspecify.annotations.NullMarked;
