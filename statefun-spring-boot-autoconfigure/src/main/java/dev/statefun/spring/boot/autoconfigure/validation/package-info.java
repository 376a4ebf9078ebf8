/**
 * Auto-configuration of the validation of messages.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.validation;

import org.jspecify.annotations.NullMarked;
