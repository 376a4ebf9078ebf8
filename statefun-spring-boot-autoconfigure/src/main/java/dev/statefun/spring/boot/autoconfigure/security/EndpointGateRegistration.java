package dev.statefun.spring.boot.autoconfigure.security;

import dev.statefun.spring.security.EndpointGate;
import jakarta.servlet.DispatcherType;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Registers the gate before all other filters: those that observe, log or believe headers
 * should see neither the secret nor a request that is refused.
 */
final class EndpointGateRegistration extends FilterRegistrationBean<EndpointGate> implements PriorityOrdered {

	EndpointGateRegistration(EndpointGate gate) {
		super(gate);
		setName("statefunEndpointGate");
		// Before those of the same order, which Spring's own filters have
		setOrder(Ordered.HIGHEST_PRECEDENCE);
		setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
	}

}
