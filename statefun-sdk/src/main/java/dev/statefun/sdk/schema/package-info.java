/**
 * Schemas of messages and states, by which two releases can be compared.
 */
@NullMarked
package dev.statefun.sdk.schema;

import org.jspecify.annotations.NullMarked;
