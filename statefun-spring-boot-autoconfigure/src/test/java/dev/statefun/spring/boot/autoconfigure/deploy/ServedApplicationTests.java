package dev.statefun.spring.boot.autoconfigure.deploy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.statefun.deploy.DeploymentSettings.Health;
import dev.statefun.deploy.DeploymentSettings.Ports;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@link ServedApplication} says what a running application serves.
 */
class ServedApplicationTests {

	private final HttpClient http = HttpClient.newHttpClient();

	@ParameterizedTest
	@ValueSource(strings = { "", "server.servlet.context-path=/app,spring.mvc.servlet.path=/mvc/",
			"statefun.server.port=FREE1", "management.server.port=FREE1",
			"management.server.port=FREE1,management.server.base-path=/m,management.endpoints.web.base-path=/manage",
			"management.endpoints.web.base-path=/", "management.endpoints.web.path-mapping.health=alive",
			"statefun.server.port=FREE1,management.server.port=FREE2,server.servlet.context-path=/app",
			"management.endpoints.web.exposure.include=*", "management.endpoints.web.exposure.include=info",
			"management.endpoints.web.exposure.exclude=health", "management.server.port=-1",
			"management.endpoint.health.probes.enabled=false", "management.endpoint.health.access=none" })
	void portsAndProbesAreThoseOfTheRunningApplication(String settings) throws Exception {
		Map<String, String> properties = properties(settings);
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.SERVLET);
		try (ConfigurableApplicationContext context = application
			.run(properties.entrySet().stream().map((entry) -> "--" + entry).toArray(String[]::new))) {
			ServedApplication served = new ServedApplication(context.getEnvironment(), true, false);
			Ports ports = served.ports();
			String path = context.getEnvironment().getProperty("server.servlet.context-path", "")
					+ (settings.contains("/mvc/") ? "/mvc" : "") + "/statefun";
			assertThat(status("GET", ports.endpoint(), path)).isEqualTo(405);
			if (ports.http() != null) {
				assertThat(status("GET", ports.http(), path)).isEqualTo(403);
			}
			Health health = served.health();
			if (health != null) {
				assertThat(status("GET", health.port(), health.liveness())).isEqualTo(200);
				assertThat(status("GET", health.port(), health.readiness())).isEqualTo(200);
				assertThat(health.https()).isFalse();
			}
			else {
				assertThat(settings).containsAnyOf("include=info", "exclude=health", "=-1", "enabled=false",
						"access=none");
				assertThat(status("GET", Integer.parseInt(properties.get("server.port")), "/actuator/health/liveness"))
					.isNotEqualTo(200);
			}
		}
	}

	private static Map<String, String> properties(String settings) throws IOException {
		List<Integer> free = freePorts();
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("server.port", String.valueOf(free.get(0)));
		for (String setting : settings.split(",")) {
			if (!setting.isEmpty()) {
				String[] parts = setting.split("=");
				properties.put(parts[0],
						parts[1].replace("FREE1", free.get(1).toString()).replace("FREE2", free.get(2).toString()));
			}
		}
		return properties;
	}

	private static List<Integer> freePorts() throws IOException {
		List<Integer> ports = new ArrayList<>();
		try (ServerSocket one = new ServerSocket(0);
				ServerSocket two = new ServerSocket(0);
				ServerSocket three = new ServerSocket(0)) {
			List.of(one, two, three).forEach((socket) -> ports.add(socket.getLocalPort()));
		}
		return ports;
	}

	private int status(String method, int port, String path) throws Exception {
		return this.http
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
				.timeout(Duration.ofSeconds(10))
				.method(method, HttpRequest.BodyPublishers.noBody())
				.build(), HttpResponse.BodyHandlers.discarding())
			.statusCode();
	}

	@ParameterizedTest
	@CsvSource({ "server.ssl.bundle=web, true", "server.ssl.key-store=web.p12, true",
			"server.ssl.bundle=web;server.ssl.enabled=false, false",
			"server.ssl.bundle=web;management.server.port=9090;management.server.ssl.enabled=false, false",
			"management.server.port=9090;management.server.ssl.bundle=web, true" })
	void probesUseTheTlsOfTheirPort(String settings, boolean https) {
		MockEnvironment environment = new MockEnvironment();
		for (String setting : settings.split(";")) {
			environment.setProperty(setting.split("=")[0], setting.split("=")[1]);
		}
		Health health = Objects.requireNonNull(new ServedApplication(environment, true, false).health());
		assertThat(health.https()).isEqualTo(https);
	}

	@Test
	void variablesHaveThePortsAndThePhase() {
		MockEnvironment environment = new MockEnvironment().withProperty("server.port", "8081")
			.withProperty("statefun.server.port", "9443")
			.withProperty("management.server.port", "9090")
			.withProperty("spring.lifecycle.timeout-per-shutdown-phase", "45s");
		assertThat(new ServedApplication(environment, true, false).variables())
			.containsExactlyInAnyOrderEntriesOf(Map.of("SERVER_PORT", "8081", "STATEFUN_SERVER_PORT", "9443",
					"MANAGEMENT_SERVER_PORT", "9090", "SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE", "45000ms"));
		ServedApplication plain = new ServedApplication(new MockEnvironment(), false, false);
		assertThat(plain.variables()).containsOnlyKeys("SERVER_PORT", "SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE");
		assertThat(plain.health()).isNull();
		assertThat(plain.ports()).isEqualTo(new Ports(8080, null, null));
		assertThat(plain.shutdownPhase()).isEqualTo(Duration.ofSeconds(30));
	}

	@ParameterizedTest
	@CsvSource({ "My Shop!,, my-shop", "2nd-shop,, nd-shop", "---,, application", "shop, cart, cart" })
	void nameIsThatOfAService(String application, @Nullable String configured, String name) {
		MockEnvironment environment = new MockEnvironment().withProperty("spring.application.name", application);
		assertThat(new ServedApplication(environment, true, false).name(configured)).isEqualTo(name);
	}

	@EnableAutoConfiguration(
			exclude = { ServletWebSecurityAutoConfiguration.class, ManagementWebSecurityAutoConfiguration.class })
	@Import(Counter.class)
	@Configuration(proxyBeanMethods = false)
	static class Application {

	}

	@StatefulFunction("test/counter")
	static class Counter {

		@Handler
		void count(int number) {
		}

	}

}
