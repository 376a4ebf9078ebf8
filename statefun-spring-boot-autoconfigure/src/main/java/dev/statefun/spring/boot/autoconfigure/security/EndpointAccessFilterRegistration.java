package dev.statefun.spring.boot.autoconfigure.security;

import dev.statefun.spring.security.EndpointAccessFilter;
import jakarta.servlet.DispatcherType;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Registers the access filter before all other filters: filters that observe, log or
 * trust headers must see neither the secret nor a refused request.
 */
final class EndpointAccessFilterRegistration extends FilterRegistrationBean<EndpointAccessFilter>
		implements PriorityOrdered {

	EndpointAccessFilterRegistration(EndpointAccessFilter filter) {
		super(filter);
		setName("statefunEndpointAccessFilter");
		// Precedes Spring's own filters, which have the same order
		setOrder(Ordered.HIGHEST_PRECEDENCE);
		setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
	}

}
