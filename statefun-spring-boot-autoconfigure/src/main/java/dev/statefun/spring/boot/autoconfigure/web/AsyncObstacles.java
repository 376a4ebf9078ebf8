package dev.statefun.spring.boot.autoconfigure.web;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.AbstractFilterRegistrationBean;
import org.springframework.boot.web.servlet.DynamicRegistrationBean;

/**
 * Describes the filters and servlets that may prevent asynchronous processing of
 * requests. The servlet API does not expose which ones do, but registration beans do.
 */
final class AsyncObstacles {

	private final ObjectProvider<DynamicRegistrationBean<?>> registrations;

	private final ListableBeanFactory beans;

	AsyncObstacles(ObjectProvider<DynamicRegistrationBean<?>> registrations, ListableBeanFactory beans) {
		this.registrations = registrations;
		this.beans = beans;
	}

	String describe(ServletContext context) {
		List<String> known = this.registrations.orderedStream()
			.filter((registration) -> registration.isEnabled() && !registration.isAsyncSupported())
			.map((registration) -> "'" + registration + "'")
			.toList();
		if (!known.isEmpty()) {
			return "the registration of " + String.join(", ", known);
		}
		List<String> others = filtersWithoutBean(context.getFilterRegistrations());
		return others.isEmpty() ? "a filter or servlet in front of the endpoint"
				: "a filter or servlet that has no registration bean, such as one of the filters "
						+ String.join(", ", others);
	}

	private List<String> filtersWithoutBean(Map<String, ? extends FilterRegistration> filters) {
		Set<String> known = new HashSet<>(List.of(this.beans.getBeanNamesForType(Filter.class)));
		this.registrations.stream()
			.filter(AbstractFilterRegistrationBean.class::isInstance)
			.map((registration) -> ((AbstractFilterRegistrationBean<?>) registration).getFilterName())
			.forEach(known::add);
		return filters.entrySet()
			.stream()
			.filter((filter) -> !known.contains(filter.getKey()))
			.map((filter) -> "'" + filter.getKey() + "' (" + filter.getValue().getClassName() + ")")
			.sorted()
			.toList();
	}

}
