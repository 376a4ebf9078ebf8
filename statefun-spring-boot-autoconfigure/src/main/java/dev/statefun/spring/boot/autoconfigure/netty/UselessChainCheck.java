package dev.statefun.spring.boot.autoconfigure.netty;

import java.util.List;

import dev.statefun.spring.boot.autoconfigure.security.StatefunRequest;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.log.LogMessage;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.FilterInvocation;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.PathPatternRequestTransformer;

/**
 * Stops the start-up if a chain of Spring Security is for the endpoint, which is not
 * served where chains apply. Such a chain has the matcher of {@link StatefunRequest}, or
 * matches the endpoint's path, but not any path beside it.
 */
final class UselessChainCheck implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(UselessChainCheck.class);

	/** Name of a path that only chains for many paths match. */
	private static final String OTHER = "other-than-statefun-0b2c6a4e";

	private final ListableBeanFactory beanFactory;

	private final List<String> paths;

	private final ServletContext servletContext;

	/**
	 * Create a check.
	 * @param beanFactory has the chains
	 * @param paths paths within the servlet context where the endpoint would be
	 * @param servletContext context of the application
	 */
	UselessChainCheck(ListableBeanFactory beanFactory, List<String> paths, ServletContext servletContext) {
		this.beanFactory = beanFactory;
		this.paths = List.copyOf(paths);
		this.servletContext = servletContext;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.beanFactory.getBeansOfType(SecurityFilterChain.class).forEach((name, chain) -> {
			if (isForEndpoint(name, chain)) {
				throw UselessFilterCheck.failure("The security filter chain '" + name + "'", "Spring Security does",
						"the chain, or the path from its matcher");
			}
		});
	}

	private boolean isForEndpoint(String name, SecurityFilterChain chain) {
		if (chain instanceof DefaultSecurityFilterChain known
				&& known.getRequestMatcher() instanceof StatefunRequest.EndpointRequestMatcher) {
			return true;
		}
		try {
			return this.paths.stream()
				.anyMatch((path) -> chain.matches(request(path))
						&& !chain.matches(request(path.substring(0, path.lastIndexOf('/') + 1) + OTHER)));
		}
		catch (RuntimeException ex) {
			logger.debug(LogMessage
				.format("The chain '%s' needs something that a real request has and this one has not", name), ex);
			return false;
		}
	}

	// With attributes, which path patterns need
	private HttpServletRequest request(String path) {
		FilterInvocation invocation = new FilterInvocation(this.servletContext.getContextPath(), path, null, null,
				"POST", this.servletContext);
		return new PathPatternRequestTransformer().transform(invocation.getRequest());
	}

}
