package dev.statefun.spring.boot.autoconfigure.security;

import java.io.IOException;

import dev.statefun.endpoint.traffic.Rejection;
import dev.statefun.endpoint.traffic.TrafficListener;
import dev.statefun.spring.security.EndpointAccessFilter;
import dev.statefun.spring.security.RefusalLog;
import dev.statefun.spring.web.StatefunHttpHandler;
import dev.statefun.spring.web.UnreadBody;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Rejects requests to the endpoint that have bypassed its access filter.
 */
final class AdmittedRequestsInterceptor implements HandlerInterceptor {

	private final RefusalLog log;

	private final TrafficListener listener;

	AdmittedRequestsInterceptor(RefusalLog log, TrafficListener listener) {
		this.log = log;
		this.listener = listener;
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
			throws IOException {
		if (handler instanceof StatefunHttpHandler && !EndpointAccessFilter.hasAdmitted(request)) {
			this.log.refusedBehindTheFilter(request);
			this.listener.rejected(Rejection.FORBIDDEN);
			UnreadBody.leaveUnlessBuffered(request);
			UnreadBody.closeConnection(request, response);
			response.setStatus(HttpServletResponse.SC_FORBIDDEN);
			return false;
		}
		return true;
	}

}
