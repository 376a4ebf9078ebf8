package dev.statefun.spring.boot.autoconfigure.internal;

import java.util.List;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.FilterInvocation;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.WebInvocationPrivilegeEvaluator;
import org.springframework.security.web.authentication.preauth.x509.X509AuthenticationFilter;

/**
 * Internal: may change in any release. Determines what the chains of Spring Security
 * would do with a request without credentials, such as a cluster's.
 */
public final class SecurityChains {

	private static final Log logger = LogFactory.getLog(SecurityChains.class);

	private static final AnonymousAuthenticationToken ANYBODY = new AnonymousAuthenticationToken("statefun",
			"anonymousUser", AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));

	private final List<WebInvocationPrivilegeEvaluator> evaluators;

	private final List<SecurityFilterChain> chains;

	private final ServletContext servletContext;

	/**
	 * Create the chains of an application.
	 * @param evaluators evaluators of Spring Security, in their order
	 * @param chains its chains, in their order
	 * @param servletContext context of the application
	 */
	public SecurityChains(List<WebInvocationPrivilegeEvaluator> evaluators, List<SecurityFilterChain> chains,
			ServletContext servletContext) {
		this.evaluators = List.copyOf(evaluators);
		this.chains = List.copyOf(chains);
		this.servletContext = servletContext;
	}

	/**
	 * Return the decision about a {@code POST} request.
	 * @param path path of the request within the context
	 * @return the decision
	 */
	public SecurityChainDecision decisionOn(String path) {
		return decisionOn(path, "POST");
	}

	/**
	 * Return the decision about a request with another method.
	 * @param path path of the request within the context
	 * @param method method of the request
	 * @return the decision
	 */
	public SecurityChainDecision decisionOn(String path, String method) {
		String contextPath = this.servletContext.getContextPath();
		try {
			if (this.evaluators.stream().allMatch((one) -> one.isAllowed(contextPath, path, method, ANYBODY))) {
				return SecurityChainDecision.PERMITS;
			}
			HttpServletRequest request = new FilterInvocation(contextPath, path, null, null, method,
					this.servletContext)
				.getRequest();
			return asksForCertificate(request) ? SecurityChainDecision.LOOKS_CLOSER : SecurityChainDecision.REFUSES;
		}
		catch (RuntimeException ex) {
			// A rule needs something that a real request has and this one has not
			logger.debug("Spring Security's decision can't be predicted", ex);
			return SecurityChainDecision.LOOKS_CLOSER;
		}
	}

	private boolean asksForCertificate(HttpServletRequest request) {
		return this.chains.stream()
			.filter((chain) -> chain.matches(request))
			.findFirst()
			.stream()
			.flatMap((chain) -> chain.getFilters().stream())
			.anyMatch(X509AuthenticationFilter.class::isInstance);
	}

}
