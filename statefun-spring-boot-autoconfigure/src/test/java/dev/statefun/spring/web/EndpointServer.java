package dev.statefun.spring.web;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.statefun.spring.testing.RunningService;

/**
 * Server that serves the endpoint of an application.
 */
enum EndpointServer {

	/** The servlet container of the application. */
	TOMCAT(List.of()) {

		@Override
		int port(RunningService service) {
			return service.port();
		}

	},

	/** Netty, in an application of the lean starter. */
	NETTY(List.of("spring.main.web-application-type=none", "spring.autoconfigure.exclude=", "statefun.server.port=0")) {

		@Override
		int port(RunningService service) {
			return service.clusterPort();
		}

	};

	private final List<String> properties;

	EndpointServer(List<String> properties) {
		this.properties = properties;
	}

	/**
	 * Return the properties of an application that has the endpoint on this server.
	 */
	List<String> properties() {
		return this.properties;
	}

	/**
	 * Return the port of the endpoint.
	 * @param service an application with these properties
	 */
	abstract int port(RunningService service);

	RunningService start(Class<?> application, List<String> more) {
		Set<String> all = new LinkedHashSet<>(this.properties);
		all.addAll(more);
		return RunningService.start(application, all.toArray(String[]::new));
	}

}
