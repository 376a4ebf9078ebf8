/**
 * The endpoint on Netty, without a servlet container.
 */
@NullMarked
package dev.statefun.netty;

import org.jspecify.annotations.NullMarked;
