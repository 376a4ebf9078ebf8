/**
 * Registry of functions, which resolves their handlers and states at start-up.
 * {@link StatefulFunctions} is the entry point.
 */
@NullMarked
package dev.statefun.sdk.registry;

import org.jspecify.annotations.NullMarked;
