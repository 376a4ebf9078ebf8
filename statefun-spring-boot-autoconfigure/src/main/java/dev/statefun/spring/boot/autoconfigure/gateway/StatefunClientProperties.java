package dev.statefun.spring.boot.autoconfigure.gateway;

import java.time.Duration;

import dev.statefun.spring.boot.autoconfigure.internal.PropertyRange;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties for the client for functions.
 *
 * @param gateway Name of the gateway to send to, if it is not that of this application.
 * @param timeout Maximum duration of a request for which none is set, 1ms to 1d.
 * @param maxWaiting Maximum number of requests that wait for a reply, 1 to 1000000.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.client")
public record StatefunClientProperties(@Nullable String gateway, @DefaultValue("10s") Duration timeout,
		@DefaultValue("10000") int maxWaiting) {

	private static final PropertyRange<Duration> TIMEOUT = PropertyRange.ofTime("1ms", "1d");

	/**
	 * Create the properties.
	 * @param gateway name of the gateway to send to
	 * @param timeout maximum duration of a request for which none is set
	 * @param maxWaiting maximum number of requests that wait for a reply
	 */
	public StatefunClientProperties {
		TIMEOUT.check("statefun.client.timeout", timeout);
		PropertyRange.COUNT.check("statefun.client.max-waiting", maxWaiting);
	}

}
