/**
 * Messages of functions in HTTP requests and responses: content types, JSON and paths.
 * Internal: may change in any release.
 */
@NullMarked
package dev.statefun.sdk.http;

import org.jspecify.annotations.NullMarked;
