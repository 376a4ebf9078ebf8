/**
 * The cluster's module.yaml, written from the functions and checked against them.
 */
@NullMarked
package dev.statefun.module;

import org.jspecify.annotations.NullMarked;
