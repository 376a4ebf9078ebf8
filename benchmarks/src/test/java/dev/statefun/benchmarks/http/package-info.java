/**
 * Tests of the servers that are compared.
 */
@NullMarked
package dev.statefun.benchmarks.http;

import org.jspecify.annotations.NullMarked;
