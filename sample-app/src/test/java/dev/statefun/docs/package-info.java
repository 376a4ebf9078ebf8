/**
 * Code shown in the reference documentation.
 */
@NullMarked
package dev.statefun.docs;

import org.jspecify.annotations.NullMarked;
