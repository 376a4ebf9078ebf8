package dev.statefun.spring.boot.autoconfigure.security;

import java.net.BindException;

import dev.statefun.spring.boot.autoconfigure.internal.OwnPort;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;

import org.springframework.core.NestedExceptionUtils;

/**
 * Tomcat connector of the port that serves only the endpoint.
 */
final class EndpointConnector extends Connector {

	EndpointConnector(String protocol) {
		super(protocol);
		setThrowOnFailure(true);
	}

	@Override
	protected void startInternal() throws LifecycleException {
		try {
			super.startInternal();
		}
		catch (LifecycleException ex) {
			if (NestedExceptionUtils.getMostSpecificCause(ex) instanceof BindException cause) {
				throw OwnPort.unavailable(getPort(), cause.getMessage());
			}
			throw ex;
		}
	}

}
