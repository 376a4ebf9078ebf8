package dev.statefun.spring.boot.autoconfigure.security;

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
 * Determines what the chains of Spring Security would do with a cluster's request.
 */
final class SecurityChains {

	private static final Log logger = LogFactory.getLog(SecurityChains.class);

	private static final AnonymousAuthenticationToken ANYBODY = new AnonymousAuthenticationToken("statefun",
			"anonymousUser", AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));

	private final List<WebInvocationPrivilegeEvaluator> evaluators;

	private final List<SecurityFilterChain> chains;

	private final ServletContext servletContext;

	SecurityChains(List<WebInvocationPrivilegeEvaluator> evaluators, List<SecurityFilterChain> chains,
			ServletContext servletContext) {
		this.evaluators = List.copyOf(evaluators);
		this.chains = List.copyOf(chains);
		this.servletContext = servletContext;
	}

	SecurityChainDecision decisionOn(String path) {
		String contextPath = this.servletContext.getContextPath();
		try {
			if (this.evaluators.stream().allMatch((one) -> one.isAllowed(contextPath, path, "POST", ANYBODY))) {
				return SecurityChainDecision.PERMITS;
			}
			HttpServletRequest request = new FilterInvocation(contextPath, path, null, null, "POST",
					this.servletContext)
				.getRequest();
			return asksForCertificate(request) ? SecurityChainDecision.LOOKS_CLOSER : SecurityChainDecision.REFUSES;
		}
		catch (RuntimeException ex) {
			// A rule needs something that a real request has and this one has not
			logger.debug("Spring Security's decision about clusters can't be predicted", ex);
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
