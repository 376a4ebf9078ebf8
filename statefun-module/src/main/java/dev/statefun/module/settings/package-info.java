/**
 * Settings of a module.yaml: transport, time limits, ingresses and egresses.
 */
@NullMarked
package dev.statefun.module.settings;

import org.jspecify.annotations.NullMarked;
