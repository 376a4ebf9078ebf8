/**
 * Endpoint that clusters call, without the server that serves it.
 */
@NullMarked
package dev.statefun.endpoint;

import org.jspecify.annotations.NullMarked;
