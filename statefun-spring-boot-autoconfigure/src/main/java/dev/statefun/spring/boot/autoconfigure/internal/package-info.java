/**
 * Internal: types that the auto-configurations share. May change in any release.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.internal;

import org.jspecify.annotations.NullMarked;
