package dev.statefun.spring.boot.autoconfigure.security;

import java.util.Arrays;
import java.util.Map;

import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Tells the port that serves nothing but the endpoint, once it is open, by the property
 * {@code local.statefun.port}.
 */
final class EndpointPortListener implements ApplicationListener<WebServerInitializedEvent> {

	private static final String SOURCE = "statefun.ports";

	private final ConfigurableEnvironment environment;

	EndpointPortListener(ConfigurableEnvironment environment) {
		this.environment = environment;
	}

	// Of the server for the actuator too, which does not have the port
	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		if (event.getWebServer() instanceof TomcatWebServer server) {
			Arrays.stream(server.getTomcat().getService().findConnectors())
				.filter(EndpointConnector.class::isInstance)
				.forEach((connector) -> setPort(connector.getLocalPort()));
		}
	}

	private void setPort(int port) {
		this.environment.getPropertySources().remove(SOURCE);
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource(SOURCE, Map.of("local.statefun.port", port)));
	}

}
