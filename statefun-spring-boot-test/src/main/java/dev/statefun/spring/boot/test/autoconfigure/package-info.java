/**
 * Tests of the stateful functions of a Spring Boot application.
 */
@NullMarked
package dev.statefun.spring.boot.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
