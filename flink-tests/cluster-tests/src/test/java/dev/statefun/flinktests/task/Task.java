package dev.statefun.flinktests.task;

import dev.statefun.sdk.message.MessageType;

/**
 * A message whose handler may wait.
 *
 * @param item tells the messages of an id apart
 * @param gate what the handler waits for
 */
@MessageType("task/Task")
record Task(String item, String gate) {

}
