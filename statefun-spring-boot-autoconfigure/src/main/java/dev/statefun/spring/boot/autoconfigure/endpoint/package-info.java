/**
 * Beans of the endpoint that every server for it needs.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;
