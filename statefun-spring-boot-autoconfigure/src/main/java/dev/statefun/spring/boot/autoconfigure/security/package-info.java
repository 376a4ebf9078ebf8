/**
 * Auto-configuration of who may call the endpoint, and what Spring Security needs to know
 * of it.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.security;

import org.jspecify.annotations.NullMarked;
