/**
 * What Spring Boot Actuator shows of the functions.
 */
@NullMarked
package dev.statefun.spring.actuate;

import org.jspecify.annotations.NullMarked;
