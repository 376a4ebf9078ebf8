/**
 * Access restrictions of the endpoint, for any servlet container.
 */
@NullMarked
package dev.statefun.spring.security;

import org.jspecify.annotations.NullMarked;
