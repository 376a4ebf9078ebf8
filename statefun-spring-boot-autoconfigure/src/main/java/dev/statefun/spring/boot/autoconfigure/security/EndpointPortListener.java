package dev.statefun.spring.boot.autoconfigure.security;

import java.util.Arrays;

import dev.statefun.spring.boot.autoconfigure.internal.OwnPort;

import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Publishes the port that serves only the endpoint, once it is open, as the property
 * {@code local.statefun.port}.
 */
final class EndpointPortListener implements ApplicationListener<WebServerInitializedEvent> {

	private final ConfigurableApplicationContext context;

	EndpointPortListener(ConfigurableApplicationContext context) {
		this.context = context;
	}

	// Also receives events of child contexts, whose servers have ports of their own
	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		if (event.getApplicationContext() == this.context && event.getWebServer() instanceof TomcatWebServer server) {
			Arrays.stream(server.getTomcat().getService().findConnectors())
				.filter(EndpointConnector.class::isInstance)
				.forEach((connector) -> OwnPort.publish(connector.getLocalPort(), this.context));
		}
	}

}
