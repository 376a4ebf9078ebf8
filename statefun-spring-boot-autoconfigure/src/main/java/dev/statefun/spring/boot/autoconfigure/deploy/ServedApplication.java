package dev.statefun.spring.boot.autoconfigure.deploy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.statefun.deploy.DeploymentSettings.Health;
import dev.statefun.deploy.DeploymentSettings.Ports;
import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation;
import dev.statefun.spring.boot.autoconfigure.internal.ServerTls;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Ports, health groups and shutdown of an application, read from its environment before a
 * server runs.
 */
final class ServedApplication {

	private static final String OWN_PORT = "statefun.server.port";

	private static final String MANAGEMENT_PORT = "management.server.port";

	private static final String PHASE = "spring.lifecycle.timeout-per-shutdown-phase";

	private final Environment environment;

	private final Binder binder;

	private final boolean actuator;

	private final boolean alone;

	/**
	 * Create a description.
	 * @param environment environment of the application
	 * @param actuator whether it has the actuator and health
	 * @param alone whether it has no server but that of the endpoint
	 */
	ServedApplication(Environment environment, boolean actuator, boolean alone) {
		this.environment = environment;
		this.binder = Binder.get(environment);
		this.actuator = actuator && !alone;
		this.alone = alone;
	}

	Ports ports() {
		int http = httpPort();
		int endpoint = endpointPort();
		if (this.alone) {
			return new Ports(endpoint, null, null);
		}
		int management = managementPort();
		return new Ports(endpoint, (http != endpoint) ? http : null,
				(management > 0 && management != http && management != endpoint) ? management : null);
	}

	private int httpPort() {
		return port("server.port", 8080);
	}

	private int endpointPort() {
		return port(OWN_PORT, httpPort());
	}

	// Negative if there is none
	private int managementPort() {
		return port(MANAGEMENT_PORT, httpPort());
	}

	// Any free port is not known yet, so these files have the usual one
	private int port(String property, int fallback) {
		int port = this.environment.getProperty(property, Integer.class, fallback);
		return (port != 0) ? port : 8080;
	}

	/**
	 * Return the health groups.
	 * @return the groups, or {@code null} if the application serves none
	 */
	@Nullable Health health() {
		if (!this.actuator || managementPort() < 0 || !isExposed() || !isProbed()) {
			return null;
		}
		String base = this.environment.getProperty("management.endpoints.web.base-path", "/actuator");
		String health = this.environment.getProperty("management.endpoints.web.path-mapping.health", "health");
		String path = (base.equals("/") ? "" : base) + "/" + health;
		boolean separate = managementPort() != httpPort();
		String complete = separate ? this.environment.getProperty("management.server.base-path", "") + path
				: EndpointLocation.withoutServer(this.environment, path).path();
		boolean https = separate ? ServerTls.ofManagement(this.environment) : ServerTls.ofApplication(this.environment);
		return new Health(managementPort(), https, complete + "/liveness", complete + "/readiness");
	}

	private boolean isProbed() {
		return this.environment.getProperty("management.endpoint.health.probes.enabled", Boolean.class, true)
				&& !"none".equalsIgnoreCase(this.environment.getProperty("management.endpoint.health.access"));
	}

	private boolean isExposed() {
		return hasHealth(exposure("include", "health")) && !hasHealth(exposure("exclude", ""));
	}

	private List<String> exposure(String kind, String fallback) {
		return this.binder.bind("management.endpoints.web.exposure." + kind, Bindable.listOf(String.class))
			.orElse(List.of(fallback));
	}

	private static boolean hasHealth(List<String> ids) {
		return ids.contains("*") || ids.contains("health");
	}

	Duration shutdownPhase() {
		return this.binder.bind(PHASE, Duration.class).orElse(Duration.ofSeconds(30));
	}

	/**
	 * Return the settings that the files rely on, so that the deployed application has
	 * them wherever they come from here.
	 * @return values by the name of the variable
	 */
	Map<String, String> variables() {
		Map<String, String> variables = new LinkedHashMap<>();
		if (!this.alone) {
			variables.put("SERVER_PORT", String.valueOf(httpPort()));
		}
		if (this.alone || this.environment.containsProperty(OWN_PORT)) {
			variables.put("STATEFUN_SERVER_PORT", String.valueOf(endpointPort()));
		}
		if (!this.alone && this.environment.containsProperty(MANAGEMENT_PORT)) {
			variables.put("MANAGEMENT_SERVER_PORT", String.valueOf(managementPort()));
		}
		variables.put("SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE", shutdownPhase().toMillis() + "ms");
		return variables;
	}

	/**
	 * Return a name that a service may have.
	 * @param configured the configured name, if there is one
	 * @return that name, or else that of the application
	 */
	String name(@Nullable String configured) {
		if (StringUtils.hasText(configured)) {
			return configured;
		}
		String name = this.environment.getProperty("spring.application.name", "")
			.toLowerCase(Locale.ROOT)
			.replaceAll("[^a-z0-9]+", "-")
			.replaceAll("^[^a-z]+|-+$", "");
		return name.isEmpty() ? "application" : name.substring(0, Math.min(name.length(), 40)).replaceAll("-+$", "");
	}

}
