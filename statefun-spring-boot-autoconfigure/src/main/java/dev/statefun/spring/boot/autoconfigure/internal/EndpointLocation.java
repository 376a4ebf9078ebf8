package dev.statefun.spring.boot.autoconfigure.internal;

import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Internal: may change in any release. Location at which this application serves its
 * functions.
 *
 * @param path path on the server, with the prefixes of the server and of Spring MVC
 */
public record EndpointLocation(String path) {

	/**
	 * Return whether a context has an endpoint.
	 * @param beanFactory bean factory of the context
	 * @return whether it serves functions itself
	 */
	public static boolean isIn(ListableBeanFactory beanFactory) {
		return beanFactory.getBeanNamesForType(EndpointLocation.class, true, false).length > 0;
	}

}
