/**
 * HTTP in front of a local runtime, as the Apache playground has it: curl takes the place
 * of ingresses and egresses.
 */
@NullMarked
package dev.statefun.local.playground;

import org.jspecify.annotations.NullMarked;
