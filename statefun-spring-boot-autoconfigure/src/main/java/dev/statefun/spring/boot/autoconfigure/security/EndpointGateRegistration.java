package dev.statefun.spring.boot.autoconfigure.security;

import dev.statefun.spring.security.EndpointGate;
import jakarta.servlet.DispatcherType;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Registers the gate before all other filters: filters that observe, log or trust headers
 * must see neither the secret nor a refused request.
 */
final class EndpointGateRegistration extends FilterRegistrationBean<EndpointGate> implements PriorityOrdered {

	EndpointGateRegistration(EndpointGate gate) {
		super(gate);
		setName("statefunEndpointGate");
		// Precedes Spring's own filters, which have the same order
		setOrder(Ordered.HIGHEST_PRECEDENCE);
		setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
	}

}
