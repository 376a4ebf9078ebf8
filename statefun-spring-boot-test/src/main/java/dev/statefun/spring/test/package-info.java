/**
 * Assertions on what an application declares.
 */
@NullMarked
package dev.statefun.spring.test;

import org.jspecify.annotations.NullMarked;
