/**
 * Auto-configuration of module.yaml and the manifest of states.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.module;

import org.jspecify.annotations.NullMarked;
