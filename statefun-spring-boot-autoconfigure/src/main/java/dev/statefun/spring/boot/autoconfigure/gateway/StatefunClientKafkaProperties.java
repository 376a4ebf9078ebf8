package dev.statefun.spring.boot.autoconfigure.gateway;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties for the topics of the client for functions.
 *
 * @param requestTopic Topic with the requests to the gateway of another application; when
 * not set, 'statefun-gateway-&lt;name of the gateway&gt;-requests'.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.client.kafka")
public record StatefunClientKafkaProperties(@Nullable String requestTopic) {

}
