/**
 * An application with more than a slice needs.
 */
@NullMarked
package dev.statefun.spring.boot.test.autoconfigure.app;

import org.jspecify.annotations.NullMarked;
