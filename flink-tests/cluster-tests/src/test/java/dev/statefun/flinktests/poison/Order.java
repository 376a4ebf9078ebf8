package dev.statefun.flinktests.poison;

import dev.statefun.sdk.message.MessageType;
import jakarta.validation.constraints.Positive;

/**
 * A message that can be poison in each way.
 *
 * @param item ordered item, which also selects the behavior of the handler
 * @param quantity number of items
 */
@MessageType("poison/Order")
record Order(String item, @Positive int quantity) {

}
