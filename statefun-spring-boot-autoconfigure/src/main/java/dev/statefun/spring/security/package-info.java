/**
 * Who may call the endpoint, on any servlet container.
 */
@NullMarked
package dev.statefun.spring.security;

import org.jspecify.annotations.NullMarked;
