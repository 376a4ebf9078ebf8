package dev.statefun.local.playground;

import java.util.Objects;

/**
 * A record that a function sends to the egress {@code io.statefun.playground/egress}.
 *
 * @param topic name of the topic that it goes to
 * @param payload payload to read from there
 * @since 0.1.0
 */
public record PlaygroundRecord(String topic, String payload) {

	/**
	 * Create a record.
	 * @param topic name of the topic that it goes to; must not be empty
	 * @param payload payload to read from there
	 */
	public PlaygroundRecord {
		Objects.requireNonNull(topic, "'topic' must not be null");
		Objects.requireNonNull(payload, "'payload' must not be null");
		if (topic.isEmpty()) {
			throw new IllegalArgumentException("'topic' must not be empty");
		}
	}

}
