/**
 * Tests of stateful functions: a tester that emulates a small cluster, and assertions on
 * the effects of functions. Does not need Spring.
 */
@NullMarked
package dev.statefun.test;

import org.jspecify.annotations.NullMarked;
