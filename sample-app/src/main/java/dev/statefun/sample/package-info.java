/**
 * The greeter functions.
 */
@NullMarked
package dev.statefun.sample;

import org.jspecify.annotations.NullMarked;
