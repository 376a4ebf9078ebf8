/**
 * What the handler costs by itself, without a server: from the bytes of a request to
 * those of its reply.
 */
@NullMarked
package dev.statefun.benchmarks.handler;

import org.jspecify.annotations.NullMarked;
