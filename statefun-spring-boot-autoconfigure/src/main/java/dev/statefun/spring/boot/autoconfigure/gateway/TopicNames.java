package dev.statefun.spring.boot.autoconfigure.gateway;

import java.util.regex.Pattern;

import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.spring.gateway.GatewayName;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Names of the topics of gateways and clients.
 */
final class TopicNames {

	private static final String PREFIX = "statefun-gateway-";

	private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

	private TopicNames() {
	}

	static String ownRequests(GatewayName name, StatefunGatewayKafkaProperties kafka) {
		return valid(requests(name, kafka.requestTopic()), "statefun.gateway.kafka.request-topic");
	}

	static String clientRequests(GatewayNames names, StatefunGatewayKafkaProperties kafka,
			StatefunClientKafkaProperties client) {
		return names.clientUsesOwn() ? ownRequests(names.client(), kafka)
				: valid(requests(names.client(), client.requestTopic()), "statefun.client.kafka.request-topic");
	}

	private static String requests(GatewayName name, @Nullable String chosen) {
		return (chosen != null && StringUtils.hasText(chosen)) ? chosen : PREFIX + name + "-requests";
	}

	static String replies(GatewayNames names, StatefunGatewayKafkaProperties kafka, Environment environment) {
		String chosen = kafka.replyTopic();
		if (chosen != null && StringUtils.hasText(chosen)) {
			return valid(chosen, "statefun.gateway.kafka.reply-topic");
		}
		String application = environment.getProperty("spring.application.name");
		GatewayName own = names.own();
		if (!StringUtils.hasText(application) && own == null) {
			throw new InvalidDeclarationException(
					"The topic with the replies to this application has no name: there is no 'spring.application.name'",
					"Set 'statefun.gateway.kafka.reply-topic' to a topic that no other application uses", null);
		}
		String name = PREFIX + (StringUtils.hasText(application) ? application : own) + "-replies";
		return valid(name, "statefun.gateway.kafka.reply-topic");
	}

	static String consumerGroup(GatewayName name, StatefunGatewayKafkaProperties kafka) {
		String chosen = kafka.consumerGroupId();
		return (chosen != null && StringUtils.hasText(chosen)) ? chosen : PREFIX + name;
	}

	private static String valid(String topic, String property) {
		if (!TOPIC.matcher(topic).matches()) {
			throw new InvalidDeclarationException("'" + topic + "' is not the name of a topic of Kafka",
					"Set '" + property + "' to 1 to 249 letters, digits, dots, underscores and hyphens", null);
		}
		return topic;
	}

}
