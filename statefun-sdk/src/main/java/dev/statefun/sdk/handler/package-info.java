/**
 * Request-reply handler: answers the requests of a cluster by calling functions.
 */
@NullMarked
package dev.statefun.sdk.handler;

import org.jspecify.annotations.NullMarked;
