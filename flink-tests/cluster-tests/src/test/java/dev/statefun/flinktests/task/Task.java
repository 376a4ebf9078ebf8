package dev.statefun.flinktests.task;

import dev.statefun.sdk.message.MessageType;

/**
 * A message whose handler may wait.
 *
 * @param item distinguishes the messages of an id
 * @param gate gate that the handler waits for
 */
@MessageType("task/Task")
record Task(String item, String gate) {

}
