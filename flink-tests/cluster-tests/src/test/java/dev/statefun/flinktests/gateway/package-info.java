/**
 * A service whose functions are reached through a gateway.
 */
package dev.statefun.flinktests.gateway;
