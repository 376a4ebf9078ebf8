package dev.statefun.console.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.env.Environment;
import org.springframework.core.log.LogMessage;

/**
 * Logs once after the start-up where the console is.
 */
final class ConsoleReport implements ApplicationListener<ContextRefreshedEvent> {

	private static final Log logger = LogFactory.getLog(ConsoleReport.class);

	private final ConsoleLocation location;

	private final ApplicationContext context;

	ConsoleReport(ConsoleLocation location, ApplicationContext context) {
		this.location = location;
		this.context = context;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		String port = this.context.getEnvironment().getProperty("local.server.port");
		if (event.getApplicationContext() == this.context && port != null) {
			logger.info(LogMessage.format("Console: %s://localhost:%s%s%s/", scheme(this.context.getEnvironment()),
					port, this.context.getEnvironment().getProperty("server.servlet.context-path", ""),
					this.location.pathInContext()));
		}
	}

	private static String scheme(Environment environment) {
		boolean tls = environment.containsProperty("server.ssl.bundle")
				|| environment.containsProperty("server.ssl.key-store")
				|| environment.containsProperty("server.ssl.certificate");
		return (tls && environment.getProperty("server.ssl.enabled", Boolean.class, true)) ? "https" : "http";
	}

}
