/**
 * What the console needs of a runtime, which it may not have.
 */
@NullMarked
package dev.statefun.console.runtime;

import org.jspecify.annotations.NullMarked;
