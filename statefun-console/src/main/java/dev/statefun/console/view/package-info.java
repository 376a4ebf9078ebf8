/**
 * Parts of the console's API that need no local runtime.
 */
@NullMarked
package dev.statefun.console.view;

import org.jspecify.annotations.NullMarked;
