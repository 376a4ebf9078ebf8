package dev.statefun.spring.boot.autoconfigure;

import java.util.List;

import dev.statefun.sdk.FunctionType;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties for what is told about batches and messages.
 *
 * @param batches Whether to observe batches; when not set, if there is more to observe
 * them than meters, such as tracing.
 * @param invocations Whether to observe single messages; when not set, with tracing.
 * @param mdc Whether log lines get function, id and caller.
 * @param targets Functions and egresses beside those of this application to name in
 * meters.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.observations")
public record StatefunObservationsProperties(@Nullable Boolean batches, @Nullable Boolean invocations,
		@DefaultValue("true") boolean mdc, @DefaultValue List<String> targets) {

	/**
	 * Create the settings.
	 * @param batches whether to observe batches
	 * @param invocations whether to observe single messages
	 * @param mdc whether log lines get function, id and caller
	 * @param targets further functions and egresses to name in meters
	 */
	public StatefunObservationsProperties {
		targets.forEach(FunctionType::parse);
		targets = List.copyOf(targets);
	}

}
