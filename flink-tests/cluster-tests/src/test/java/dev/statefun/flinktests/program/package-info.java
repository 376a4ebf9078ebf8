/**
 * Random programs whose results do not depend on how a runtime interleaves them, and a
 * service that executes them.
 */
@NullMarked
package dev.statefun.flinktests.program;

import org.jspecify.annotations.NullMarked;
