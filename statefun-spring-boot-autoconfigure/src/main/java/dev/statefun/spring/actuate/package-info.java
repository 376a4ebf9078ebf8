/**
 * Spring Boot Actuator support for stateful functions.
 */
@NullMarked
package dev.statefun.spring.actuate;

import org.jspecify.annotations.NullMarked;
