/**
 * A service whose functions do something outside of the cluster, and take as long as the
 * test wants them to.
 */
package dev.statefun.flinktests.task;
