/**
 * Tests of what is written and said about a module.yaml.
 */
@NullMarked
package dev.statefun.spring.module;

import org.jspecify.annotations.NullMarked;
