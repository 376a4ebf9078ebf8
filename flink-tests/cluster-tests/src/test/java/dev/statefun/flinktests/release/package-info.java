/**
 * A service with several releases, each with other states.
 */
package dev.statefun.flinktests.release;
