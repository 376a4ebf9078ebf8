/**
 * Assertions on the declarations of an application.
 */
@NullMarked
package dev.statefun.spring.test;

import org.jspecify.annotations.NullMarked;
