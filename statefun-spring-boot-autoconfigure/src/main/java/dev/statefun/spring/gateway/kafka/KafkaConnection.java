package dev.statefun.spring.gateway.kafka;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Properties that connect clients with Kafka. All other properties of an application's
 * producers and consumers are left out, such as serializers, partitioners and
 * interceptors, as the transport depends on its own.
 *
 * @param producer properties of producers
 * @param consumer properties of consumers
 * @param admin properties of admin clients
 * @since 0.1.0
 */
public record KafkaConnection(Map<String, Object> producer, Map<String, Object> consumer, Map<String, Object> admin) {

	// The last one is where Spring Boot leaves the SSL bundle for its engine factory
	private static final List<String> PREFIXES = List.of("bootstrap.servers", "security.", "ssl.", "sasl.",
			"client.dns.lookup", "config.providers", "connections.max.idle.ms", "reconnect.backoff.",
			"socket.connection.setup.", "org.springframework.boot.ssl.");

	/**
	 * Create a connection from the properties of an application's clients.
	 * @param producer properties of producers
	 * @param consumer properties of consumers
	 * @param admin properties of admin clients
	 */
	public KafkaConnection {
		producer = connecting(producer);
		consumer = connecting(consumer);
		admin = connecting(admin);
	}

	private static Map<String, Object> connecting(Map<String, Object> properties) {
		Map<String, Object> connecting = new TreeMap<>();
		properties.forEach((name, value) -> {
			if (PREFIXES.stream().anyMatch(name::startsWith)) {
				connecting.put(name, value);
			}
		});
		return Map.copyOf(connecting);
	}

	@Override
	public String toString() {
		return "KafkaConnection[" + this.producer.get("bootstrap.servers") + "]";
	}

}
