package dev.statefun.module.settings;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Kinesis egress.
 *
 * @param id id of the egress
 * @param region region, if it differs from that for all
 * @param credentials credentials, if they differ from those for all
 * @param maxOutstandingRecords maximum number of records in transit; {@code null} for
 * 1000
 * @param properties properties of the client; {@code null} for none
 * @since 0.1.0
 */
public record KinesisEgress(String id, @Nullable Region region, @Nullable Credentials credentials,
		@Nullable Integer maxOutstandingRecords, @Nullable Map<String, String> properties) {

	/**
	 * Create an egress.
	 * @param id id of the egress
	 * @param region region
	 * @param credentials credentials
	 * @param maxOutstandingRecords maximum number of records in transit
	 * @param properties properties of the client
	 * @throws IllegalArgumentException if there is no id
	 */
	public KinesisEgress {
		Checks.hasText(id, "id");
		properties = (properties != null) ? Map.copyOf(properties) : null;
	}

}
