package dev.statefun.spring.boot.autoconfigure;

import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.StatefulFunctionsCustomizer;

/**
 * Registers the destinations of typed egresses that properties declare.
 *
 * @param properties the properties
 */
record EgressDestinations(StatefunEgressProperties properties) implements StatefulFunctionsCustomizer {

	@Override
	public void customize(StatefulFunctions.Builder functions) {
		this.properties.egresses().forEach((name, destination) -> functions.egress(name, destination.toDestination()));
	}

}
