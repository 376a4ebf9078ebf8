/**
 * Commands that write or check files instead of serving.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.command;

import org.jspecify.annotations.NullMarked;
