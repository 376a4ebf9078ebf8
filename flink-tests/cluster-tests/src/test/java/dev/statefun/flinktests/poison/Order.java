package dev.statefun.flinktests.poison;

import dev.statefun.sdk.message.MessageType;
import jakarta.validation.constraints.Positive;

/**
 * A message that can be poison in each way.
 *
 * @param item what is ordered, and what the handler does
 * @param quantity how many
 */
@MessageType("poison/Order")
record Order(String item, @Positive int quantity) {

}
