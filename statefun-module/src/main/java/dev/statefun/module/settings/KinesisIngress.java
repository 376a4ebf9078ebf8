package dev.statefun.module.settings;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Kinesis ingress.
 *
 * @param id id of the ingress
 * @param region region, if it differs from that for all
 * @param credentials credentials, if they differ from those for all
 * @param startupPosition position to start from; {@code null} for the latest
 * @param streams streams and the targets of their records
 * @param properties properties of the client; {@code null} for none
 * @since 0.1.0
 */
public record KinesisIngress(String id, @Nullable Region region, @Nullable Credentials credentials,
		@Nullable StartupPosition startupPosition, List<Route> streams, @Nullable Map<String, String> properties) {

	/**
	 * Create an ingress.
	 * @param id id of the ingress
	 * @param region region
	 * @param credentials credentials
	 * @param startupPosition position to start from
	 * @param streams streams and the targets of their records
	 * @param properties properties of the client
	 * @throws IllegalArgumentException if there is no id or stream, or the position is
	 * one for Kafka only
	 */
	public KinesisIngress {
		Checks.hasText(id, "id");
		Checks.isTrue(Checks.isFilled(streams), () -> "Ingress '" + id + "' has no 'streams'");
		StartupPosition.Type type = (startupPosition != null) ? startupPosition.type() : null;
		Checks.isTrue(type != StartupPosition.Type.GROUP_OFFSETS && type != StartupPosition.Type.SPECIFIC_OFFSETS,
				() -> "Ingress '" + id + "' of Kinesis begins at 'latest', 'earliest' or a 'date'");
		streams = List.copyOf(streams);
		properties = (properties != null) ? Map.copyOf(properties) : null;
	}

}
