/**
 * Registry of functions: their declaration, handlers and states, resolved at start-up.
 */
@NullMarked
package dev.statefun.sdk.registry;

import org.jspecify.annotations.NullMarked;
