/**
 * The console in front of the local runtime.
 */
@NullMarked
package dev.statefun.console.local;

import org.jspecify.annotations.NullMarked;
