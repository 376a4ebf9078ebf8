package dev.statefun.spring.boot.autoconfigure.security;

import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Stops the start-up if the port of the endpoint was not opened because the server is not
 * an embedded Tomcat: no cluster would get an answer.
 */
final class EndpointPortCheck implements ApplicationListener<ContextRefreshedEvent> {

	private final StatefunServerProperties properties;

	private final ApplicationContext context;

	EndpointPortCheck(StatefunServerProperties properties, ApplicationContext context) {
		this.properties = properties;
		this.context = context;
	}

	// Tests without a server can't open it either
	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		if (this.properties.port() != null && event.getApplicationContext() == this.context
				&& this.context instanceof WebServerApplicationContext
				&& !this.context.getEnvironment().containsProperty("local.statefun.port")) {
			throw new FailureAnalyzedException(
					"'statefun.server.port' is set, but only an embedded Tomcat can open that port, "
							+ "and this application has none.",
					"Let the application run on an embedded Tomcat, or remove 'statefun.server.port' "
							+ "and serve the endpoint with the rest of the application.");
		}
	}

}
