package dev.statefun.spring.boot.autoconfigure.web;

import java.time.Duration;

import dev.statefun.spring.web.DrainingHttp11Protocol;
import org.apache.coyote.ProtocolHandler;
import org.apache.coyote.http11.AbstractHttp11Protocol;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Keeps Tomcat from closing the connections of a cluster, unless the application has
 * configured that itself. The cluster's asynchronous transport ignores {@code Connection:
 * close}: every connection that the server closes first costs a failed request
 * (protocol.md §6.3). The timeout lies above the minute for which the other transport
 * keeps idle connections (protocol.md §6.2). When the server stops, no request is
 * answered with a status that fails a job.
 */
final class TomcatKeepAliveCustomizer
		implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>, Ordered {

	private static final Duration KEEP_ALIVE = Duration.ofSeconds(75);

	private static final int UNLIMITED = -1;

	private final Environment environment;

	TomcatKeepAliveCustomizer(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void customize(ConfigurableTomcatWebServerFactory factory) {
		if (factory instanceof TomcatWebServerFactory tomcat
				&& TomcatWebServerFactory.DEFAULT_PROTOCOL.equals(tomcat.getProtocol())) {
			tomcat.setProtocol(DrainingHttp11Protocol.class.getName());
		}
		factory.addConnectorCustomizers((connector) -> {
			ProtocolHandler protocol = connector.getProtocolHandler();
			if (protocol instanceof AbstractHttp11Protocol<?> http11) {
				if (isUndecided("server.tomcat.keep-alive-timeout")) {
					http11.setKeepAliveTimeout((int) KEEP_ALIVE.toMillis());
				}
				if (isUndecided("server.tomcat.max-keep-alive-requests")) {
					http11.setMaxKeepAliveRequests(UNLIMITED);
				}
			}
		});
	}

	private boolean isUndecided(String property) {
		return !Binder.get(this.environment).bind(property, String.class).isBound();
	}

	// After Boot's own customizer, which writes its defaults
	@Override
	public int getOrder() {
		return 10;
	}

}
