/**
 * Bean Validation for messages.
 */
@NullMarked
package dev.statefun.spring.validation;

import org.jspecify.annotations.NullMarked;
