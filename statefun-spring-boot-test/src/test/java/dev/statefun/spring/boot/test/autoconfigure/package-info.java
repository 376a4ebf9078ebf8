/**
 * Tests of the slice, and of the tester in a whole application.
 */
@NullMarked
package dev.statefun.spring.boot.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
