/**
 * Stateful functions as Spring beans: how they are declared, and how they are found.
 */
@NullMarked
package dev.statefun.spring;

import org.jspecify.annotations.NullMarked;
