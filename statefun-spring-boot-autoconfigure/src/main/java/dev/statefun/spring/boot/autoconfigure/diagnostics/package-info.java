/**
 * Failure analyzers, and the check of Spring Boot's version.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.diagnostics;

import org.jspecify.annotations.NullMarked;
