/**
 * Describes what the values of messages and states look like, so that two releases can be
 * compared.
 */
@NullMarked
package dev.statefun.sdk.schema;

import org.jspecify.annotations.NullMarked;
