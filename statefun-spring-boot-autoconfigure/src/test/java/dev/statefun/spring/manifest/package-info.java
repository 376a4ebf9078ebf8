/**
 * Tests of manifests of states.
 */
@NullMarked
package dev.statefun.spring.manifest;

import org.jspecify.annotations.NullMarked;
