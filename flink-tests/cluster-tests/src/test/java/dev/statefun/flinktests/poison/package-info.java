/**
 * A service that can't handle some of its messages.
 */
package dev.statefun.flinktests.poison;
