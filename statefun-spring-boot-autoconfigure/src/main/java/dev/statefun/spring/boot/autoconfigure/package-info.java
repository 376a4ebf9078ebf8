/**
 * Auto-configuration of stateful functions.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
