/**
 * An application with more beans than the slice.
 */
@NullMarked
package dev.statefun.spring.boot.test.autoconfigure.app;

import org.jspecify.annotations.NullMarked;
