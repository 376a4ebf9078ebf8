/**
 * Auto-configuration of the console.
 */
@NullMarked
package dev.statefun.console.autoconfigure;

import org.jspecify.annotations.NullMarked;
