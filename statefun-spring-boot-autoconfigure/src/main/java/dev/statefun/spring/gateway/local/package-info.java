/**
 * Transport of a gateway in the local runtime.
 */
@NullMarked
package dev.statefun.spring.gateway.local;

import org.jspecify.annotations.NullMarked;
