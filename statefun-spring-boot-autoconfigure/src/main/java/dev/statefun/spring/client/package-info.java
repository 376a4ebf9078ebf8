/**
 * Client for functions: sends messages to them and returns their replies, outside of any
 * function.
 */
@NullMarked
package dev.statefun.spring.client;

import org.jspecify.annotations.NullMarked;
