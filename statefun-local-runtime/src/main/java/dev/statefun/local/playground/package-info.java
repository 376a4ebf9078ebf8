/**
 * HTTP access to a local runtime, compatible with the Apache playground: curl replaces
 * ingresses and egresses.
 */
@NullMarked
package dev.statefun.local.playground;

import org.jspecify.annotations.NullMarked;
