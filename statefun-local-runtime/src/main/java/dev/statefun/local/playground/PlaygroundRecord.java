package dev.statefun.local.playground;

import java.util.Objects;

/**
 * What a function sends to the egress {@code io.statefun.playground/egress}.
 *
 * @param topic name of the topic it goes to
 * @param payload what is read from there
 * @since 0.1.0
 */
public record PlaygroundRecord(String topic, String payload) {

	/**
	 * Create a record.
	 * @param topic name of the topic it goes to; must not be empty
	 * @param payload what is read from there
	 */
	public PlaygroundRecord {
		Objects.requireNonNull(topic, "'topic' must not be null");
		Objects.requireNonNull(payload, "'payload' must not be null");
		if (topic.isEmpty()) {
			throw new IllegalArgumentException("'topic' must not be empty");
		}
	}

}
