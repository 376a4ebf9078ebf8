package dev.statefun.spring.boot.autoconfigure;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import dev.statefun.sdk.egress.EgressDestination;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.egress.KafkaEgress;
import dev.statefun.sdk.egress.KinesisEgress;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * Configuration properties for typed egresses.
 *
 * @param egresses Destinations of typed egresses, by the name that '@EgressName' gives.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun")
public record StatefunEgressProperties(@DefaultValue Map<String, Destination> egresses) {

	/**
	 * Create the properties.
	 * @param egresses destinations by the name of the egress
	 */
	public StatefunEgressProperties {
		egresses = Collections.unmodifiableMap(new TreeMap<>(egresses));
		egresses.forEach((name, destination) -> destination.check("statefun.egresses." + name));
	}

	/**
	 * Destination of a typed egress.
	 *
	 * @param type Kind of the egress.
	 * @param id Id of the egress, as named in module.yaml.
	 * @param topic Topic, if the egress is of the kind 'kafka'.
	 * @param stream Stream, if the egress is of the kind 'kinesis'.
	 */
	public record Destination(EgressDestination.@Nullable Kind type, @Nullable String id, @Nullable String topic,
			@Nullable String stream) {

		private void check(String prefix) {
			Assert.isTrue(this.type != null, () -> "'" + prefix + ".type' is not set; expected 'kafka' or 'kinesis'");
			Assert.isTrue(isId(this.id),
					() -> "'" + prefix + ".id' is " + ((this.id != null) ? "'" + this.id + "'" : "not set")
							+ "; expected the form '<namespace>/<name>'");
			if (this.type == EgressDestination.Kind.KAFKA) {
				requireOnly(prefix, "topic", this.topic, "stream", this.stream);
			}
			else {
				requireOnly(prefix, "stream", this.stream, "topic", this.topic);
			}
		}

		private static boolean isId(@Nullable String id) {
			try {
				return id != null && EgressId.parse(id) != null;
			}
			catch (IllegalArgumentException ex) {
				return false;
			}
		}

		private void requireOnly(String prefix, String name, @Nullable String value, String other,
				@Nullable String otherValue) {
			String kind = String.valueOf(this.type).toLowerCase(Locale.ROOT);
			Assert.isTrue(StringUtils.hasText(value), () -> "'" + prefix + "." + name
					+ "' is not set; an egress of the type '" + kind + "' needs a " + name);
			Assert.isTrue(otherValue == null, () -> "'" + prefix + "." + other + "' is '" + otherValue
					+ "', but an egress of the type '" + kind + "' has no " + other);
		}

		EgressDestination toDestination() {
			Assert.state(this.id != null, "'id' was checked");
			if (this.topic != null) {
				return KafkaEgress.of(this.id, this.topic);
			}
			Assert.state(this.stream != null, "'stream' was checked");
			return KinesisEgress.of(this.id, this.stream);
		}

	}

}
