/**
 * Auto-configuration of the start-up report, health, info and actuator endpoints.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
