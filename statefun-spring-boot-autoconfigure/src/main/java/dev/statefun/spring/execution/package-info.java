/**
 * How long functions may run, how many at a time, and how often they are tried.
 */
@NullMarked
package dev.statefun.spring.execution;

import org.jspecify.annotations.NullMarked;
