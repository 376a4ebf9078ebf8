/**
 * What the console has recorded: messages, failures, egress records, requests.
 */
@NullMarked
package dev.statefun.console.record;

import org.jspecify.annotations.NullMarked;
