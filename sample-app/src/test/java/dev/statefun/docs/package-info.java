/**
 * The code that the reference documentation shows.
 */
@NullMarked
package dev.statefun.docs;

import org.jspecify.annotations.NullMarked;
