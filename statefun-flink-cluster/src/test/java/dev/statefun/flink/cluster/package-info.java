/**
 * Tests for the cluster.
 */
@NullMarked
package dev.statefun.flink.cluster;

import org.jspecify.annotations.NullMarked;
