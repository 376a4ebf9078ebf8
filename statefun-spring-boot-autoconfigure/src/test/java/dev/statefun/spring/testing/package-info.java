/**
 * A cluster's side of the wire, for tests: written with protobuf's own classes, so that
 * nothing of the code under test checks itself.
 */
@NullMarked
package dev.statefun.spring.testing;

import org.jspecify.annotations.NullMarked;
