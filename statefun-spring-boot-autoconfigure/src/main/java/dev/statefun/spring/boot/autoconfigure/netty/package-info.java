/**
 * Auto-configuration of the endpoint on Netty.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.netty;

import org.jspecify.annotations.NullMarked;
