package dev.statefun.spring.boot.autoconfigure;

import dev.statefun.sdk.Protocol;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Configuration properties for stateful functions.
 *
 * @param path Path of the endpoint that clusters call.
 * @param protocol Generation of the clusters to serve; with 'auto' each request tells by
 * its own bytes.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun")
public record StatefunProperties(@DefaultValue("/statefun") String path, @DefaultValue("auto") Protocol protocol) {

	/**
	 * Create the properties.
	 * @param path path of the endpoint
	 * @param protocol generation of the clusters to serve
	 */
	public StatefunProperties {
		Assert.isTrue(path.startsWith("/") && path.chars().noneMatch((c) -> "*?{}".indexOf(c) >= 0),
				() -> "'statefun.path' is '" + path + "'; expected a plain path that starts with '/'");
	}

}
