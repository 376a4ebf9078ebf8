package dev.statefun.spring.boot.autoconfigure.netty;

import java.util.Collection;
import java.util.List;

import jakarta.servlet.Filter;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.web.servlet.AbstractFilterRegistrationBean;
import org.springframework.boot.web.servlet.FilterRegistration;

/**
 * Stops the start-up if a filter is registered for the endpoint's path, which is not
 * served where filters apply.
 */
final class UselessFilterCheck implements SmartInitializingSingleton {

	private final ListableBeanFactory beanFactory;

	private final List<String> patterns;

	/**
	 * Create a check.
	 * @param beanFactory has the registrations
	 * @param paths paths within the servlet context where the endpoint would be
	 */
	UselessFilterCheck(ListableBeanFactory beanFactory, List<String> paths) {
		this.beanFactory = beanFactory;
		this.patterns = paths.stream().flatMap((path) -> List.of(path, path + "/*").stream()).toList();
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.beanFactory.getBeansOfType(AbstractFilterRegistrationBean.class).forEach((name, registration) -> {
			if (registration.isEnabled()) {
				check(name, registration.getUrlPatterns());
			}
		});
		for (String name : this.beanFactory.getBeanNamesForType(Filter.class)) {
			FilterRegistration registration = this.beanFactory.findAnnotationOnBean(name, FilterRegistration.class);
			if (registration != null && registration.enabled()) {
				check(name, List.of(registration.urlPatterns()));
			}
		}
	}

	private void check(String name, Collection<?> registered) {
		if (registered.stream().anyMatch(this.patterns::contains)) {
			throw failure("The filter of '" + name + "'", "filters do",
					"the filter, or the path from its registration");
		}
	}

	/**
	 * Return the failure of a start-up.
	 * @param what what is for the endpoint
	 * @param kind what does not apply
	 * @param removed what is to be removed
	 * @return the failure, with an action
	 */
	static FailureAnalyzedException failure(String what, String kind, String removed) {
		return new FailureAnalyzedException(
				what + " is for the endpoint, but Netty serves it, where " + kind + " not apply.",
				"Restrict access with 'statefun.security.secret', 'statefun.security.allowed-addresses' or "
						+ "'statefun.server.ssl.bundle', and remove " + removed
						+ "; or remove 'statefun.server.engine'.");
	}

}
