/**
 * Mapping of Java types to messages and states. A {@link MessageCodecFactory} adds
 * further types.
 */
@NullMarked
package dev.statefun.sdk.message;

import org.jspecify.annotations.NullMarked;
