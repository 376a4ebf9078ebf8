package dev.statefun.spring.boot.autoconfigure.netty;

import dev.statefun.spring.boot.autoconfigure.security.StatefunRequest;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Stops the start-up if a chain of Spring Security is for the endpoint, which is not
 * served where chains apply. Recognizes chains with the matcher of
 * {@link StatefunRequest}.
 */
final class UselessChainCheck implements SmartInitializingSingleton {

	private final ListableBeanFactory beanFactory;

	UselessChainCheck(ListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.beanFactory.getBeansOfType(SecurityFilterChain.class).forEach((name, chain) -> {
			if (chain instanceof DefaultSecurityFilterChain known
					&& known.getRequestMatcher() instanceof StatefunRequest.EndpointRequestMatcher) {
				throw new FailureAnalyzedException(
						"The security filter chain '" + name
								+ "' is for the endpoint, but Netty serves it, where Spring Security does not apply.",
						"Restrict access with 'statefun.security.secret', 'statefun.security.allowed-addresses' or "
								+ "'statefun.server.ssl.bundle', and remove the chain; or remove "
								+ "'statefun.server.engine'.");
			}
		});
	}

}
