package dev.statefun.spring.boot.autoconfigure.gateway;

import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import dev.statefun.module.settings.Gateway;
import dev.statefun.module.settings.GatewayKafka;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleProperties;
import dev.statefun.spring.gateway.GatewayName;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.GatewayTransport;
import dev.statefun.spring.gateway.function.GatewayFunction;
import dev.statefun.spring.gateway.kafka.GatewayHealthIndicator;
import dev.statefun.spring.gateway.kafka.GatewayTopics;
import dev.statefun.spring.gateway.kafka.KafkaGatewayTransport;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the topics of gateways and clients: the transport of requests
 * and replies over Kafka, and what module.yaml says of them.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { StatefunAutoConfiguration.class, StatefunLocalGatewayAutoConfiguration.class },
		afterName = "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration",
		before = StatefunGatewayAutoConfiguration.class)
@Conditional(OnGatewayCondition.class)
@ConditionalOnBean(value = StatefulFunctions.class, search = SearchStrategy.CURRENT)
@EnableConfigurationProperties({ StatefunGatewayKafkaProperties.class, StatefunClientKafkaProperties.class })
public final class StatefunKafkaGatewayAutoConfiguration {

	private static final String REQUEST_TOPIC = "statefunGatewayRequestTopic";

	private static final String REPLY_TOPIC = "statefunGatewayReplyTopic";

	private static final String CREATE_TOPICS = "statefun.gateway.kafka.create-topics";

	// Lazy: only commands and the actuator need it
	@Bean
	@Lazy
	@ConditionalOnBooleanProperty("statefun.gateway.enabled")
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	Gateway statefunGatewayModuleSettings(GatewayNames names, GatewayFunction function,
			StatefunGatewayProperties gateway, StatefunGatewayKafkaProperties kafka, StatefunProperties properties,
			StatefunModuleProperties module) {
		GatewayName name = Objects.requireNonNull(names.own());
		return new Gateway(name.functionType().toString(), name.ingress(), name.egress().toString(),
				GatewayRequest.TYPENAME, maxBatch(function, properties, module.transport().payloadMaxBytes()),
				kafka(name, gateway, kafka));
	}

	private static int maxBatch(GatewayFunction function, StatefunProperties properties, DataSize accepted) {
		long own = properties.maxReplySize().toBytes();
		return (accepted.toBytes() < own)
				? function.maxBatch(properties.maxRequestBytes(), accepted.toBytes(),
						"statefun.module.transport.payload-max-bytes")
				: function.maxBatch(properties.maxRequestBytes(), own);
	}

	private static @Nullable GatewayKafka kafka(GatewayName name, StatefunGatewayProperties gateway,
			StatefunGatewayKafkaProperties kafka) {
		String address = kafka.address();
		if (address == null || !StringUtils.hasText(address)) {
			return null;
		}
		boolean committed = gateway.replies() == StatefunGatewayProperties.Replies.COMMITTED;
		return new GatewayKafka(address, kafka.properties(), TopicNames.ownRequests(name, kafka),
				TopicNames.consumerGroup(name, kafka), GatewayTopics.recordSize((int) gateway.maxReplySize().toBytes()),
				committed ? kafka.transactionTimeout() : null);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ KafkaAdmin.class, KafkaConnectionDetails.class })
	@ConditionalOnBean(KafkaConnectionDetails.class)
	@ConditionalOnMissingBean(value = GatewayTransport.class, search = SearchStrategy.CURRENT)
	static class TransportConfiguration {

		@Bean
		KafkaGatewayTransport statefunKafkaGatewayTransport(GatewayNames names, StatefunGatewayProperties gateway,
				StatefunGatewayKafkaProperties kafka, StatefunClientKafkaProperties client, Environment environment,
				KafkaProperties properties, KafkaConnectionDetails details, ObjectProvider<KafkaAdmin> admin,
				@Qualifier(REQUEST_TOPIC) ObjectProvider<NewTopic> requestTopic,
				@Qualifier(REPLY_TOPIC) ObjectProvider<NewTopic> replyTopic) {
			GatewayTopics topics = new GatewayTopics(TopicNames.clientRequests(names, kafka, client),
					TopicNames.replies(names, kafka, environment),
					gateway.enabled() ? Set.copyOf(gateway.replyTopics()) : Set.of(),
					(int) gateway.maxRequestSize().toBytes(), (int) gateway.maxReplySize().toBytes());
			boolean creates = kafka.createTopics() && properties.getAdmin().isAutoCreate();
			// At the start the broker may have been down
			return new KafkaGatewayTransport(KafkaConnections.of(properties, details), topics, () -> {
				if (creates) {
					admin.orderedStream()
						.findFirst()
						.ifPresent((available) -> Stream.of(requestTopic, replyTopic)
							.flatMap(ObjectProvider::stream)
							.forEach(available::createOrModifyTopics));
				}
			});
		}

		@Bean(name = REQUEST_TOPIC, defaultCandidate = false)
		@ConditionalOnBooleanProperty("statefun.gateway.enabled")
		@ConditionalOnBooleanProperty(name = CREATE_TOPICS, matchIfMissing = true)
		@ConditionalOnMissingBean(name = REQUEST_TOPIC)
		NewTopic statefunGatewayRequestTopic(GatewayNames names, StatefunGatewayProperties gateway,
				StatefunGatewayKafkaProperties kafka) {
			return topic(TopicNames.ownRequests(Objects.requireNonNull(names.own()), kafka), gateway.maxRequestSize(),
					kafka);
		}

		@Bean(name = REPLY_TOPIC, defaultCandidate = false)
		@ConditionalOnBooleanProperty(name = CREATE_TOPICS, matchIfMissing = true)
		@ConditionalOnMissingBean(name = REPLY_TOPIC)
		NewTopic statefunGatewayReplyTopic(GatewayNames names, StatefunGatewayProperties gateway,
				StatefunGatewayKafkaProperties kafka, Environment environment) {
			return topic(TopicNames.replies(names, kafka, environment), gateway.maxReplySize(), kafka);
		}

		private static NewTopic topic(String name, DataSize maxSize, StatefunGatewayKafkaProperties kafka) {
			TopicBuilder topic = TopicBuilder.name(name)
				.config(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE)
				.config(TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
						String.valueOf(GatewayTopics.messageLimit((int) maxSize.toBytes())));
			if (kafka.partitions() != null) {
				topic.partitions(kafka.partitions());
			}
			if (kafka.replicas() != null) {
				topic.replicas(kafka.replicas());
			}
			return topic.build();
		}

		@Configuration(proxyBeanMethods = false)
		@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
		@ConditionalOnEnabledHealthIndicator("statefun-gateway")
		static class HealthConfiguration {

			@Bean
			@ConditionalOnMissingBean(name = "statefunGatewayHealthIndicator", search = SearchStrategy.CURRENT)
			GatewayHealthIndicator statefunGatewayHealthIndicator(KafkaGatewayTransport transport) {
				return new GatewayHealthIndicator(transport);
			}

		}

	}

}
