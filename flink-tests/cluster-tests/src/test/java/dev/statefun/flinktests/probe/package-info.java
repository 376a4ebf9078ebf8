/**
 * A service whose functions report their states and timers.
 */
package dev.statefun.flinktests.probe;
