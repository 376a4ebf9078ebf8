package dev.statefun.module.settings;

import java.util.List;

/**
 * Kinesis ingresses and egresses.
 *
 * @param region AWS region, for all ingresses and egresses without their own
 * @param credentials AWS credentials, for all ingresses and egresses without their own
 * @param ingresses ingresses
 * @param egresses egresses
 * @since 0.1.0
 */
public record Kinesis(Region region, Credentials credentials, List<KinesisIngress> ingresses,
		List<KinesisEgress> egresses) {

	/**
	 * Create the settings.
	 * @param region region
	 * @param credentials credentials
	 * @param ingresses ingresses
	 * @param egresses egresses
	 */
	public Kinesis {
		ingresses = List.copyOf(ingresses);
		egresses = List.copyOf(egresses);
	}

}
