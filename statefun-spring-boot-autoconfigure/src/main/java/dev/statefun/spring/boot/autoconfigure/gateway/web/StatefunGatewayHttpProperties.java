package dev.statefun.spring.boot.autoconfigure.gateway.web;

import java.time.Duration;

import dev.statefun.spring.boot.autoconfigure.internal.PropertyRange;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Configuration properties for HTTP access to functions.
 *
 * @param enabled Whether functions can be reached over HTTP. Requires the gateway, Spring
 * MVC and Jackson.
 * @param path Path below which functions can be reached.
 * @param timeout Maximum duration of a request, 1ms to 1d. Its reply can be requested
 * until then.
 * @param maxWaiting Maximum number of HTTP requests that wait for a reply, 1 to 1000000.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.gateway.http")
public record StatefunGatewayHttpProperties(@DefaultValue("false") boolean enabled,
		@DefaultValue("/statefun-gateway") String path, @DefaultValue("30s") Duration timeout,
		@DefaultValue("5000") int maxWaiting) {

	private static final PropertyRange<Duration> TIMEOUT = PropertyRange.ofTime("1ms", "1d");

	/**
	 * Create the properties.
	 * @param enabled whether functions can be reached over HTTP
	 * @param path path below which functions can be reached
	 * @param timeout maximum duration of a request
	 * @param maxWaiting maximum number of HTTP requests that wait for a reply
	 */
	public StatefunGatewayHttpProperties {
		Assert.isTrue(path.matches("(/[A-Za-z0-9._~-]*[A-Za-z0-9_~-])+"),
				() -> "'statefun.gateway.http.path' is '" + path
						+ "'; expected a path such as '/statefun-gateway', of letters, digits and '.', '_', '~' and "
						+ "'-', that does not end with '/'");
		TIMEOUT.check("statefun.gateway.http.timeout", timeout);
		PropertyRange.COUNT.check("statefun.gateway.http.max-waiting", maxWaiting);
	}

}
