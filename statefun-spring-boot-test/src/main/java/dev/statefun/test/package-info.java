/**
 * Tests of stateful functions: a tester that is a small cluster, and assertions on what
 * functions did. Needs no Spring.
 */
@NullMarked
package dev.statefun.test;

import org.jspecify.annotations.NullMarked;
