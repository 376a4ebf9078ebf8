package dev.statefun.spring.actuate;

import java.util.Map;

import dev.statefun.manifest.StateManifest;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.metrics.TagValues;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.util.Assert;

/**
 * Contributes which clusters are served, the number of functions, and the fingerprint of
 * their states, which distinguishes instances of different releases.
 *
 * @since 0.1.0
 */
public final class StatefunInfoContributor implements InfoContributor {

	private final Map<String, Object> details;

	/**
	 * Create the contributor.
	 * @param functions the functions that are served
	 * @param protocol generation of the clusters that are served
	 */
	public StatefunInfoContributor(StatefulFunctions functions, Protocol protocol) {
		Assert.notNull(functions, "'functions' must not be null");
		Assert.notNull(protocol, "'protocol' must not be null");
		this.details = Map.of("protocol", TagValues.of(protocol), "functions", functions.functions().size(), "states",
				StateManifest.fingerprint(functions));
	}

	@Override
	public void contribute(Info.Builder builder) {
		builder.withDetail("statefun", this.details);
	}

}
