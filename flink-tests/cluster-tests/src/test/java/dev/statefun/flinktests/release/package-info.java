/**
 * A service of which there are several releases, with other states in each.
 */
package dev.statefun.flinktests.release;
