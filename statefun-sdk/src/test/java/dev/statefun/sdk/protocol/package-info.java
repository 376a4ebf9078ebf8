/**
 * Tests of single parts of the wire layer.
 */
@NullMarked
package dev.statefun.sdk.protocol;

import org.jspecify.annotations.NullMarked;
