/**
 * A service with two releases. The second has one more function and one more state, and a
 * record with one more component.
 */
package dev.statefun.flinktests.upgrade;
