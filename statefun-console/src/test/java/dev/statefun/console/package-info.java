/**
 * Tests of the console.
 */
@NullMarked
package dev.statefun.console;

import org.jspecify.annotations.NullMarked;
