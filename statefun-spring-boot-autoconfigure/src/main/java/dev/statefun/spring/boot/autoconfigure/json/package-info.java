/**
 * Auto-configuration of JSON messages and states.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.json;

import org.jspecify.annotations.NullMarked;
