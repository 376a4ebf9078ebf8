package dev.statefun.module.settings;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Topics of a gateway, as the cluster reaches them.
 *
 * @param address addresses of the brokers
 * @param properties properties of the consumer and the producer
 * @param requestTopic topic with the requests
 * @param consumerGroupId consumer group that the requests are read with
 * @param maxReplySize maximum size of a reply with its record, in bytes
 * @param transactionTimeout maximum duration of a transaction, if replies are written
 * exactly once; {@code null} for at least once
 * @since 0.1.0
 */
public record GatewayKafka(String address, Map<String, String> properties, String requestTopic, String consumerGroupId,
		int maxReplySize, @Nullable Duration transactionTimeout) {

	/**
	 * Create the settings.
	 * @param address addresses of the brokers
	 * @param properties properties of the consumer and the producer
	 * @param requestTopic topic with the requests
	 * @param consumerGroupId consumer group that the requests are read with
	 * @param maxReplySize maximum size of a reply with its record, in bytes
	 * @param transactionTimeout maximum duration of a transaction
	 * @throws IllegalArgumentException if a name or the address is empty
	 */
	public GatewayKafka {
		Checks.hasText(address, "address");
		Checks.hasText(requestTopic, "request-topic");
		Checks.hasText(consumerGroupId, "consumer-group-id");
		properties = Map.copyOf(properties);
	}

	/**
	 * Return the same settings with other brokers.
	 * @param address addresses of the brokers
	 * @return the settings
	 */
	public GatewayKafka address(String address) {
		return new GatewayKafka(address, this.properties, this.requestTopic, this.consumerGroupId, this.maxReplySize,
				this.transactionTimeout);
	}

}
