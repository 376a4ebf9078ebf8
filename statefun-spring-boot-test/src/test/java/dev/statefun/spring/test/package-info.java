/**
 * Tests of these assertions.
 */
@NullMarked
package dev.statefun.spring.test;

import org.jspecify.annotations.NullMarked;
