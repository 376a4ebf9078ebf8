/**
 * Manifests of the states and messages of functions, for comparing releases.
 */
@NullMarked
package dev.statefun.manifest;

import org.jspecify.annotations.NullMarked;
