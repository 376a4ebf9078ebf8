/**
 * OpenAPI description of the functions that can be reached over HTTP.
 */
@NullMarked
package dev.statefun.spring.gateway.openapi;

import org.jspecify.annotations.NullMarked;
