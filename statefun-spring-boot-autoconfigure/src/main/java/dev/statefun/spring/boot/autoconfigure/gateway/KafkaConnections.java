package dev.statefun.spring.boot.autoconfigure.gateway;

import java.util.List;
import java.util.Map;

import dev.statefun.spring.gateway.kafka.KafkaConnection;

import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.kafka.autoconfigure.SslBundleSslEngineFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.StringUtils;

/**
 * Connects with Kafka as Spring Boot's own clients do.
 */
final class KafkaConnections {

	private KafkaConnections() {
	}

	static KafkaConnection of(KafkaProperties properties, KafkaConnectionDetails details) {
		return new KafkaConnection(connect(properties.buildProducerProperties(), details.getProducer()),
				connect(properties.buildConsumerProperties(), details.getConsumer()),
				connect(properties.buildAdminProperties(), details.getAdmin()));
	}

	// As KafkaAutoConfiguration, which keeps this for itself
	private static Map<String, Object> connect(Map<String, Object> properties,
			KafkaConnectionDetails.Configuration details) {
		properties.put("bootstrap.servers", List.copyOf(details.getBootstrapServers()));
		String protocol = details.getSecurityProtocol();
		if (StringUtils.hasLength(protocol)) {
			properties.put("security.protocol", protocol);
		}
		SslBundle bundle = details.getSslBundle();
		if (bundle != null) {
			properties.put("ssl.engine.factory.class", SslBundleSslEngineFactory.class);
			properties.put(SslBundle.class.getName(), bundle);
		}
		return properties;
	}

}
