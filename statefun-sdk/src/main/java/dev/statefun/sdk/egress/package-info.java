/**
 * Records for the egresses that StateFun clusters bring along.
 */
@NullMarked
package dev.statefun.sdk.egress;

import org.jspecify.annotations.NullMarked;
