/**
 * A service whose functions have side effects outside of the cluster, and take as long as
 * the test requires.
 */
package dev.statefun.flinktests.task;
