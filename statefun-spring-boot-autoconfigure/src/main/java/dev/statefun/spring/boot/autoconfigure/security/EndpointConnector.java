package dev.statefun.spring.boot.autoconfigure.security;

import java.net.BindException;

import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;

import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.NestedExceptionUtils;

/**
 * Tomcat connector of the port that serves only the endpoint.
 */
final class EndpointConnector extends Connector {

	EndpointConnector(String protocol) {
		super(protocol);
		setThrowOnFailure(true);
	}

	// Without the cause: Boot would report a conflict on the application's other port
	@Override
	protected void startInternal() throws LifecycleException {
		try {
			super.startInternal();
		}
		catch (LifecycleException ex) {
			if (NestedExceptionUtils.getMostSpecificCause(ex) instanceof BindException cause) {
				throw new FailureAnalyzedException(
						"Port " + getPort() + " of 'statefun.server.port' can't be opened: " + cause.getMessage() + ".",
						"Stop the process that listens there, or set 'statefun.server.port' to another port "
								+ "and 'statefun.server.address' to an address of this machine.");
			}
			throw ex;
		}
	}

}
