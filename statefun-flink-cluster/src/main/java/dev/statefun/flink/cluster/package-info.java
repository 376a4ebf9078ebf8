/**
 * A released StateFun on a Flink cluster of several JVMs on this machine, for development
 * and tests.
 */
@NullMarked
package dev.statefun.flink.cluster;

import org.jspecify.annotations.NullMarked;
