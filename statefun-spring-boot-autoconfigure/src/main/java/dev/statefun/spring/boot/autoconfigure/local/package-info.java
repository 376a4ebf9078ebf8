/**
 * Auto-configuration of the local runtime.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.local;

import org.jspecify.annotations.NullMarked;
