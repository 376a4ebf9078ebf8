package dev.statefun.spring.boot.autoconfigure.security;

import java.io.IOException;

import dev.statefun.spring.security.ClusterConnection;
import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Records the connection of a request. Tomcat's {@code RemoteIpValve} replaces the remote
 * address with that of a header; the peer is kept.
 */
final class ClusterConnectionValve extends ValveBase {

	ClusterConnectionValve() {
		super(true);
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		new ClusterConnection(String.valueOf(request.getPeerAddr()),
				request.getConnector() instanceof EndpointConnector)
			.bindTo(request);
		getNext().invoke(request, response);
	}

}
