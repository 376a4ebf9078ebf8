/**
 * A StateFun runtime in one process, for development and tests.
 */
@NullMarked
package dev.statefun.local;

import org.jspecify.annotations.NullMarked;
