package dev.statefun.module.settings;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Kafka ingresses and egresses.
 *
 * @param address addresses of Kafka's brokers, for all ingresses and egresses without
 * their own
 * @param ingresses ingresses
 * @param egresses egresses
 * @since 0.1.0
 */
public record Kafka(@Nullable String address, List<KafkaIngress> ingresses, List<KafkaEgress> egresses) {

	/**
	 * Create the settings.
	 * @param address addresses of the brokers
	 * @param ingresses ingresses
	 * @param egresses egresses
	 */
	public Kafka {
		ingresses = List.copyOf(ingresses);
		egresses = List.copyOf(egresses);
	}

}
