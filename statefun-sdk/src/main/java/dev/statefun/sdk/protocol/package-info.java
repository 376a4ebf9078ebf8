/**
 * Internal: the request-reply protocol on the wire, in both its dialects. May change in
 * any release.
 */
@NullMarked
package dev.statefun.sdk.protocol;

import org.jspecify.annotations.NullMarked;
