/**
 * Messages and states as JSON, with Jackson.
 */
@NullMarked
package dev.statefun.spring.json;

import org.jspecify.annotations.NullMarked;
