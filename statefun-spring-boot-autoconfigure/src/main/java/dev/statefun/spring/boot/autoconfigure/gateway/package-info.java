/**
 * Auto-configuration of the gateway and of the client for functions.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.gateway;

import org.jspecify.annotations.NullMarked;
