/**
 * Gateway through which clients outside the cluster reach functions: its names, the
 * requests and replies, and their transport.
 */
@NullMarked
package dev.statefun.spring.gateway;

import org.jspecify.annotations.NullMarked;
