/**
 * Restrictions of who may call the endpoint.
 */
@NullMarked
package dev.statefun.endpoint.access;

import org.jspecify.annotations.NullMarked;
