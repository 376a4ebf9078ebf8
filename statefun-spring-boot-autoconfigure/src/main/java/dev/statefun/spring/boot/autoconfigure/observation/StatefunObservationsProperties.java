package dev.statefun.spring.boot.autoconfigure.observation;

import java.util.List;

import dev.statefun.sdk.FunctionType;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties for observations of batches and messages.
 *
 * @param batches Whether to observe batches; when not set, only if something other than
 * meters uses the observations, such as tracing.
 * @param invocations Whether to observe single messages; when not set, only with tracing.
 * @param mdc Whether to add function, id and caller to log lines.
 * @param targets Comma-separated list of functions and egresses to name in meters, in
 * addition to those of this application.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.observations")
public record StatefunObservationsProperties(@Nullable Boolean batches, @Nullable Boolean invocations,
		@DefaultValue("true") boolean mdc, @DefaultValue List<String> targets) {

	/**
	 * Create the settings.
	 * @param batches whether to observe batches
	 * @param invocations whether to observe single messages
	 * @param mdc whether to add function, id and caller to log lines
	 * @param targets further functions and egresses to name in meters
	 */
	public StatefunObservationsProperties {
		targets.forEach(FunctionType::parse);
		targets = List.copyOf(targets);
	}

}
