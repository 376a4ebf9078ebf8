/**
 * Auto-configuration of access to the endpoint, with and without Spring Security.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.security;

import org.jspecify.annotations.NullMarked;
