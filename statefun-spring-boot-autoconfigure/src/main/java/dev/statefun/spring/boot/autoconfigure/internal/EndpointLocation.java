package dev.statefun.spring.boot.autoconfigure.internal;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * Internal: may change in any release. Location at which an application serves its
 * functions.
 *
 * @param contextPath path of the servlet context, empty for the root
 * @param pathInContext path within it, with the prefix of Spring MVC's servlet
 * @param server server that serves it
 */
public record EndpointLocation(String contextPath, String pathInContext, Server server) {

	/**
	 * Create the location of an endpoint.
	 * @param environment has the path of the servlet context
	 * @param servletPrefix prefix of Spring MVC's servlet, empty for the root
	 * @param path path of the endpoint within that servlet
	 * @return the location
	 */
	public static EndpointLocation of(Environment environment, String servletPrefix, String path) {
		return new EndpointLocation(environment.getProperty("server.servlet.context-path", ""), servletPrefix + path,
				Server.APPLICATION);
	}

	/**
	 * Create the location that an endpoint would have with a web server.
	 * @param environment has the paths of the servlet context and of Spring MVC
	 * @param path path of the endpoint within Spring MVC's servlet
	 * @return the location
	 */
	public static EndpointLocation withoutServer(Environment environment, String path) {
		String servlet = environment.getProperty("spring.mvc.servlet.path", "");
		return of(environment, servlet.endsWith("/") ? servlet.substring(0, servlet.length() - 1) : servlet, path);
	}

	/**
	 * Return whether a context has an endpoint.
	 * @param beanFactory bean factory of the context
	 * @return whether it serves functions itself
	 */
	public static boolean isIn(ListableBeanFactory beanFactory) {
		return beanFactory.getBeanNamesForType(EndpointLocation.class, true, false).length > 0;
	}

	/**
	 * Return the path on the server.
	 * @return the path, with the prefixes of the server and of Spring MVC
	 */
	public String path() {
		return this.contextPath + this.pathInContext;
	}

	/**
	 * Return whether the server of an endpoint is the only one of its application.
	 * @param location the endpoint's location, if it has one
	 * @return whether there is no other server
	 */
	public static boolean isAlone(@Nullable EndpointLocation location) {
		return location != null && location.server == Server.ALONE;
	}

	/**
	 * Server of an endpoint.
	 */
	public enum Server {

		/** That of the application. */
		APPLICATION,

		/** One of its own, beside that of the application. */
		BESIDE,

		/** One of its own, in an application without another one. */
		ALONE

	}

}
