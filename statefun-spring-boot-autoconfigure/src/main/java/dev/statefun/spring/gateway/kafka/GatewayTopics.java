package dev.statefun.spring.gateway.kafka;

import java.util.Set;

import dev.statefun.sdk.message.InvalidDeclarationException;

import org.springframework.util.Assert;

/**
 * Topics of a gateway, and the largest records that they carry.
 *
 * @param requests topic that the gateway's requests are written to
 * @param replies topic of this application that replies are read from
 * @param others topics of other applications that the gateway of this one writes replies
 * to
 * @param maxRequestSize maximum size of a request in bytes
 * @param maxReplySize maximum size of a reply in bytes
 * @since 0.1.0
 */
public record GatewayTopics(String requests, String replies, Set<String> others, int maxRequestSize, int maxReplySize) {

	/**
	 * Space that a record's key and the head of its batch take. Keys are ids of gateway
	 * instances and clients, which have a fixed length.
	 */
	private static final int OVERHEAD = 4 * 1024;

	/** Maximum size of a batch of records that Kafka accepts by default. */
	private static final int DEFAULT_LIMIT = 1024 * 1024 + 12;

	/**
	 * Create the topics.
	 * @param requests topic that the gateway's requests are written to
	 * @param replies topic of this application that replies are read from
	 * @param others topics of other applications that the gateway of this one writes
	 * replies to
	 * @param maxRequestSize maximum size of a request in bytes
	 * @param maxReplySize maximum size of a reply in bytes
	 * @throws IllegalArgumentException if a name is empty
	 * @throws InvalidDeclarationException if requests and replies have one topic
	 */
	public GatewayTopics {
		Assert.hasText(requests, "'requests' must not be empty");
		Assert.hasText(replies, "'replies' must not be empty");
		if (requests.equals(replies)) {
			throw new InvalidDeclarationException(
					"The topic '" + requests
							+ "' can't be both that of the gateway's requests and that of this application's replies",
					"Set 'statefun.gateway.kafka.reply-topic' to another topic", null);
		}
		others = Set.copyOf(others);
	}

	/**
	 * Return the size that a record may have on its way.
	 * @param payload maximum size of its value in bytes
	 * @return the size with the record's overhead
	 */
	public static int recordSize(int payload) {
		return payload + OVERHEAD;
	}

	/**
	 * Return a value of {@code max.message.bytes} that lets records pass.
	 * @param payload maximum size of their values in bytes
	 * @return the value, not below Kafka's default
	 */
	public static int messageLimit(int payload) {
		return Math.max(DEFAULT_LIMIT, recordSize(payload));
	}

}
