/**
 * Classes that the rules of the architecture are tried on.
 */
@NullMarked
package dev.statefun.sdk.planted;

import org.jspecify.annotations.NullMarked;
