/**
 * Request-reply handler, which answers the requests of a cluster by calling functions.
 * {@link RequestReplyHandler} is the entry point; a request is handled as a
 * {@code Batch}.
 */
@NullMarked
package dev.statefun.sdk.handler;

import org.jspecify.annotations.NullMarked;
