/**
 * Records for the built-in egresses of StateFun clusters.
 */
@NullMarked
package dev.statefun.sdk.egress;

import org.jspecify.annotations.NullMarked;
