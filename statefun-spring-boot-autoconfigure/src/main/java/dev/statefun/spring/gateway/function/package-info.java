/**
 * The gateway function, which passes requests of clients to functions and their replies
 * back.
 */
@NullMarked
package dev.statefun.spring.gateway.function;

import org.jspecify.annotations.NullMarked;
