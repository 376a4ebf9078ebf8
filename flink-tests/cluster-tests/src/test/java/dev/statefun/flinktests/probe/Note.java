package dev.statefun.flinktests.probe;

import dev.statefun.sdk.message.MessageType;

/**
 * A state that is kept as JSON.
 *
 * @param title a text
 * @param stars a number
 */
@MessageType("probe/Note")
record Note(String title, int stars) {

}
