/**
 * A service whose functions tell what they see of their states and timers.
 */
package dev.statefun.flinktests.probe;
