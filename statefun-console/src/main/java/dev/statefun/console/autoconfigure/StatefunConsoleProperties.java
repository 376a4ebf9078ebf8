package dev.statefun.console.autoconfigure;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Configuration properties for the console.
 *
 * @param enabled Whether to serve the console at '/statefun-console/'; when not set,
 * where the local runtime is enabled.
 * @param record When to record messages: 'always', or 'while-open' for only while a page
 * of the console is open.
 * @param readOnly Whether the console only shows, and changes nothing. It never changes
 * anything in the profiles of 'statefun.local-runtime.forbidden-profiles'.
 * @param flinkRest URL of the REST interface of Flink, to show the job of the cluster;
 * when not set, it is not shown.
 * @param module File with the module.yaml of a cluster, to compare with the functions.
 * @param manifest File with the manifest of an earlier release, to compare with the
 * functions.
 * @param maskedTypes Comma-separated list of message and state types whose values are not
 * shown; '*' stands for any characters.
 * @param maskedFields Comma-separated list of names of fields and headers whose values
 * are not shown.
 * @param allowedAddresses Comma-separated list of addresses and address ranges from which
 * the console may be used; when not set, those of this machine, or any if Spring Security
 * requires credentials.
 * @param allowedHosts Comma-separated list of host names under which the console may be
 * reached, besides 'localhost' and addresses.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.console")
public record StatefunConsoleProperties(@Nullable Boolean enabled, @DefaultValue("always") Record record,
		@DefaultValue("false") boolean readOnly, @Nullable URI flinkRest, @Nullable Path module,
		@Nullable Path manifest, @DefaultValue List<String> maskedTypes, @DefaultValue List<String> maskedFields,
		@DefaultValue List<String> allowedAddresses, @DefaultValue List<String> allowedHosts) {

	private static final Set<String> SCHEMES = Set.of("http", "https");

	/**
	 * Create the properties.
	 * @param enabled whether to serve the console
	 * @param record when to record messages
	 * @param readOnly whether it changes nothing
	 * @param flinkRest URL of the REST interface of Flink
	 * @param module file with the module.yaml of a cluster
	 * @param manifest file with the manifest of an earlier release
	 * @param maskedTypes types whose values are not shown
	 * @param maskedFields fields and headers whose values are not shown
	 * @param allowedAddresses addresses from which the console may be used
	 * @param allowedHosts host names under which the console may be reached
	 */
	public StatefunConsoleProperties {
		maskedTypes = List.copyOf(maskedTypes);
		maskedFields = List.copyOf(maskedFields);
		allowedAddresses = List.copyOf(allowedAddresses);
		allowedHosts = List.copyOf(allowedHosts);
		Assert.isTrue(
				flinkRest == null || (flinkRest.getScheme() != null && SCHEMES.contains(flinkRest.getScheme())
						&& flinkRest.getHost() != null && flinkRest.getUserInfo() == null),
				"'statefun.console.flink-rest' is no URL of Flink; expected one such as http://localhost:8081, "
						+ "without user and password");
	}

	/**
	 * Times at which messages are recorded.
	 */
	public enum Record {

		/** Always. */
		ALWAYS,

		/** While a page of the console is open. */
		WHILE_OPEN

	}

}
