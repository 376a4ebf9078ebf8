package dev.statefun.spring.gateway;

import java.util.Objects;

/**
 * Where replies to a client go.
 *
 * @param topic topic of the client's application; the gateway must allow it
 * @param client name of the client, which is the key of each record with a reply
 * @since 0.1.0
 */
public record ReplyDestination(String topic, String client) {

	/** Maximum length of both names: that of Kafka's topics. */
	public static final int MAX_LENGTH = 249;

	/**
	 * Create a destination.
	 * @param topic topic of the client's application
	 * @param client name of the client
	 * @throws IllegalArgumentException if a name is longer than 249 characters
	 */
	public ReplyDestination {
		Objects.requireNonNull(topic, "'topic' must not be null");
		Objects.requireNonNull(client, "'client' must not be null");
		if (topic.length() > MAX_LENGTH || client.length() > MAX_LENGTH) {
			throw new IllegalArgumentException("a topic or the name of a client is longer than 249 characters");
		}
	}

}
