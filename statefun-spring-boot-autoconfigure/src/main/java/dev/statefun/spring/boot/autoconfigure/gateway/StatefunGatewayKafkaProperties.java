package dev.statefun.spring.boot.autoconfigure.gateway;

import java.time.Duration;
import java.util.Map;

import dev.statefun.spring.boot.autoconfigure.internal.PropertyRange;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties for the topics of a gateway.
 *
 * @param address Addresses of Kafka's brokers as the cluster reaches them; with it,
 * module.yaml has the ingress and the egress of the gateway. This application itself
 * connects by 'spring.kafka'.
 * @param properties Properties of the cluster's Kafka clients for the gateway, such as
 * those for security. They are not those of 'spring.kafka'.
 * @param requestTopic Topic with the requests to the gateway; when not set,
 * 'statefun-gateway-&lt;name of the gateway&gt;-requests'.
 * @param replyTopic Topic with the replies to this application; when not set,
 * 'statefun-gateway-&lt;name of the application, or else of the gateway&gt;-replies'.
 * @param consumerGroupId Consumer group that the cluster reads the requests with; when
 * not set, 'statefun-gateway-&lt;name of the gateway&gt;'.
 * @param transactionTimeout Maximum duration of a transaction of the cluster, 1s to 7d,
 * with committed replies; not longer than the brokers' 'transaction.max.timeout.ms'.
 * @param createTopics Whether this application creates its topics.
 * @param partitions Number of partitions of topics that are created, 1 to 1000000; when
 * not set, as the brokers have it.
 * @param replicas Number of replicas of topics that are created, 1 to 32767; when not
 * set, as the brokers have it.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.gateway.kafka")
public record StatefunGatewayKafkaProperties(@Nullable String address, @DefaultValue Map<String, String> properties,
		@Nullable String requestTopic, @Nullable String replyTopic, @Nullable String consumerGroupId,
		@DefaultValue("15m") Duration transactionTimeout, @DefaultValue("true") boolean createTopics,
		@Nullable Integer partitions, @Nullable Integer replicas) {

	private static final PropertyRange<Duration> TRANSACTION = PropertyRange.ofTime("1s", "7d");

	private static final PropertyRange<Integer> REPLICAS = PropertyRange.of(1, (int) Short.MAX_VALUE);

	/**
	 * Create the properties.
	 * @param address addresses of Kafka's brokers as the cluster reaches them
	 * @param properties properties of the cluster's Kafka clients
	 * @param requestTopic topic with the requests to the gateway
	 * @param replyTopic topic with the replies to this application
	 * @param consumerGroupId consumer group of the cluster
	 * @param transactionTimeout maximum duration of a transaction
	 * @param createTopics whether this application creates its topics
	 * @param partitions number of partitions of topics that are created
	 * @param replicas number of replicas of topics that are created
	 */
	public StatefunGatewayKafkaProperties {
		TRANSACTION.check("statefun.gateway.kafka.transaction-timeout", transactionTimeout);
		PropertyRange.COUNT.check("statefun.gateway.kafka.partitions", partitions);
		REPLICAS.check("statefun.gateway.kafka.replicas", replicas);
	}

}
