package dev.statefun.spring.boot.autoconfigure.security;

import java.io.IOException;

import dev.statefun.endpoint.access.AccessRefusal;
import dev.statefun.endpoint.access.EndpointAccess;
import dev.statefun.spring.security.ClusterConnection;
import dev.statefun.spring.security.EndpointAccessFilter;
import dev.statefun.spring.web.StatefunHttpHandler;
import dev.statefun.spring.web.UnreadBody;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Rejects requests to the endpoint that have bypassed its access filter.
 */
final class AdmittedRequestsInterceptor implements HandlerInterceptor {

	private final EndpointAccess access;

	AdmittedRequestsInterceptor(EndpointAccess access) {
		this.access = access;
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
			throws IOException {
		if (handler instanceof StatefunHttpHandler && !EndpointAccessFilter.hasAdmitted(request)) {
			AccessRefusal refusal = this.access.refuseUnchecked(ClusterConnection.of(request).peerAddress());
			UnreadBody.leaveUnlessBuffered(request);
			UnreadBody.closeConnection(request, response);
			response.setStatus(refusal.status());
			return false;
		}
		return true;
	}

}
