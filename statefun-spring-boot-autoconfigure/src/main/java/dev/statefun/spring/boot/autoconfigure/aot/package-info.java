/**
 * What ahead-of-time processing has to know about stateful functions.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.aot;

import org.jspecify.annotations.NullMarked;
