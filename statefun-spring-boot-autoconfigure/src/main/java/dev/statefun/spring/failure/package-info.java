/**
 * Settings for dead letters.
 */
@NullMarked
package dev.statefun.spring.failure;

import org.jspecify.annotations.NullMarked;
