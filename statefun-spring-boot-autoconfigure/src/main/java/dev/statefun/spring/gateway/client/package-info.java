/**
 * Client side of a gateway.
 */
@NullMarked
package dev.statefun.spring.gateway.client;

import org.jspecify.annotations.NullMarked;
