/**
 * Programming model of stateful functions: handlers, their context, addresses and
 * persisted values.
 */
@NullMarked
package dev.statefun.sdk;

import org.jspecify.annotations.NullMarked;
