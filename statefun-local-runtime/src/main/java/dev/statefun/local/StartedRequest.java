package dev.statefun.local;

import java.time.Instant;
import java.util.List;

import dev.statefun.sdk.Address;

/**
 * A request that is sent to a function instance.
 *
 * @param self address of the function instance
 * @param messages ids of its messages, in their order
 * @param attempt number of the attempt, starting at 1. It starts again when the function
 * has asked for states, and when a failed job has restarted
 * @param when time of the request, by the runtime's clock
 * @since 0.1.0
 */
public record StartedRequest(Address self, List<Long> messages, int attempt, Instant when) {

	/**
	 * Create an event.
	 * @param self address of the function instance
	 * @param messages ids of its messages
	 * @param attempt number of the attempt
	 * @param when time of the request
	 */
	public StartedRequest {
		messages = List.copyOf(messages);
	}

}
