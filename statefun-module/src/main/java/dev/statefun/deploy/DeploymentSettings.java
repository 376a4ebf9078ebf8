package dev.statefun.deploy;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.statefun.module.ModuleRuntime;
import org.jspecify.annotations.Nullable;

/**
 * Settings of deployment files that a module.yaml does not have. Immutable.
 *
 * @param name name of the application's service, and prefix of all other names
 * @param namespace namespace of Kubernetes
 * @param application the application
 * @param cluster the cluster
 * @since 0.1.0
 */
public record DeploymentSettings(String name, String namespace, Application application, Cluster cluster) {

	// With the longest suffix, still the name of a Service
	private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]{0,38}[a-z0-9])?");

	/**
	 * Create settings.
	 * @param name name of the application's service
	 * @param namespace namespace of Kubernetes
	 * @param application the application
	 * @param cluster the cluster
	 * @throws IllegalArgumentException if a name is not valid
	 */
	public DeploymentSettings {
		requireName("name", name);
		requireName("namespace", namespace);
		Objects.requireNonNull(application, "'application' must not be null");
		Objects.requireNonNull(cluster, "'cluster' must not be null");
	}

	private static void requireName(String key, String value) {
		if (!NAME.matcher(value).matches()) {
			throw new IllegalArgumentException("'" + key + "' is '" + value
					+ "'; expected at most 40 lower-case letters, digits and hyphens, starting with a letter");
		}
	}

	private static void requirePositive(String key, int value) {
		if (value < 1) {
			throw new IllegalArgumentException("'" + key + "' is " + value + "; expected at least 1");
		}
	}

	/**
	 * The application.
	 *
	 * @param image container image
	 * @param replicas number of instances
	 * @param ports ports that it listens at
	 * @param health health groups to probe, or {@code null} to probe only the port
	 * @param shutdownPhase maximum time of one phase of the shutdown
	 * @param environment environment variables, none of them secret
	 */
	public record Application(String image, int replicas, Ports ports, @Nullable Health health, Duration shutdownPhase,
			Map<String, String> environment) {

		/**
		 * Create the settings.
		 * @param image container image
		 * @param replicas number of instances
		 * @param ports ports that it listens at
		 * @param health health groups to probe
		 * @param shutdownPhase maximum time of one phase of the shutdown
		 * @param environment environment variables
		 * @throws IllegalArgumentException if there is no image or no instance
		 */
		public Application {
			if (image.isBlank()) {
				throw new IllegalArgumentException("'image' must not be empty");
			}
			requirePositive("replicas", replicas);
			environment = Collections.unmodifiableMap(new TreeMap<>(environment));
		}

	}

	/**
	 * Ports of the application.
	 *
	 * @param endpoint port of the endpoint
	 * @param http port of the rest of the application, or {@code null} if it is the same
	 * @param management port of the actuator, or {@code null} if it is one of the others
	 */
	public record Ports(int endpoint, @Nullable Integer http, @Nullable Integer management) {

	}

	/**
	 * Health groups of the application.
	 *
	 * @param port port that serves them
	 * @param https whether it uses TLS
	 * @param liveness path of the group {@code liveness}
	 * @param readiness path of the group {@code readiness}
	 */
	public record Health(int port, boolean https, String liveness, String readiness) {

	}

	/**
	 * The cluster.
	 *
	 * @param runtime its runtime
	 * @param image container image, or {@code null} for the one of the runtime
	 * @param taskManagers number of TaskManagers
	 * @param checkpoints location, as a URI, of the directory for checkpoints, or
	 * {@code null} for a volume
	 * @param kafka whether a Compose file starts a Kafka broker
	 */
	public record Cluster(ModuleRuntime runtime, @Nullable String image, int taskManagers, @Nullable String checkpoints,
			boolean kafka) {

		/**
		 * Create the settings.
		 * @param runtime its runtime
		 * @param image container image
		 * @param taskManagers number of TaskManagers
		 * @param checkpoints location of the directory for checkpoints
		 * @param kafka whether a Compose file starts a Kafka broker
		 * @throws IllegalArgumentException if there is no TaskManager
		 */
		public Cluster {
			Objects.requireNonNull(runtime, "'runtime' must not be null");
			requirePositive("taskManagers", taskManagers);
		}

	}

}
