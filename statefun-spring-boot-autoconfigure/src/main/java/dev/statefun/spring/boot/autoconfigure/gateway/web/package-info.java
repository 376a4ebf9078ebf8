/**
 * Auto-configuration of HTTP access to functions through a gateway.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.gateway.web;

import org.jspecify.annotations.NullMarked;
