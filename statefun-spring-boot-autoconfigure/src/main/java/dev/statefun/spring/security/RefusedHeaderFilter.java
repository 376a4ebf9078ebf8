package dev.statefun.spring.security;

import java.io.IOException;
import java.time.InstantSource;

import dev.statefun.endpoint.failure.RateLimitedLog;
import dev.statefun.spring.web.StatefunHttpHandler;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Handles a header that Spring Security's firewall refuses when a filter reads it behind
 * the endpoint, as the one that records exchanges does. Spring Security would send an
 * error. But the endpoint has answered already, and the server logs a stack trace for
 * each such request; or it waits for its reply, and the request would never be answered.
 *
 * @since 0.1.0
 */
public final class RefusedHeaderFilter implements Filter {

	private static final Log logger = LogFactory.getLog(RefusedHeaderFilter.class);

	private final RateLimitedLog<Boolean> lines;

	/**
	 * Create a filter.
	 * @param clock measures the minute between two lines
	 */
	public RefusedHeaderFilter(InstantSource clock) {
		this.lines = new RateLimitedLog<>(clock, true);
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		try {
			chain.doFilter(request, response);
		}
		catch (RequestRejectedException ex) {
			if (!isForEndpoint(request) || !(response.isCommitted() || request.isAsyncStarted())) {
				throw ex;
			}
			// Without the message, which contains the header
			this.lines.log(true,
					(suppressed) -> logger.warn(RateLimitedLog.withSuppressed(
							"A request is answered, but Spring Security's firewall refused one of its headers when a "
									+ "filter read it after the endpoint; its exchange may not be recorded",
							suppressed)));
		}
	}

	private static boolean isForEndpoint(ServletRequest request) {
		return request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE) instanceof StatefunHttpHandler;
	}

}
