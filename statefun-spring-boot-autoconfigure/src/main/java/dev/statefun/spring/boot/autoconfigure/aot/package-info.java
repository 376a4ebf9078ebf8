/**
 * Ahead-of-time processing of stateful functions.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.aot;

import org.jspecify.annotations.NullMarked;
