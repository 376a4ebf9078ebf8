package dev.statefun.spring.boot.autoconfigure.gateway;

import dev.statefun.spring.client.FunctionClient;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Explains a {@link FunctionClient} that is injected but not there. Before Boot's own
 * analyzer, which does not know why.
 */
@Order(0)
final class MissingClientFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final String OWN = "statefun.gateway.enabled";

	private static final String OTHER = "statefun.client.gateway";

	private final @Nullable Environment environment;

	MissingClientFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		if (cause.getBeanType() != FunctionClient.class || cause.getNumberOfBeansFound() > 0) {
			return null;
		}
		String client = ((description != null) ? description : "A component") + " requires a FunctionClient, ";
		if (!hasGateway()) {
			return new FailureAnalysis(client + "which needs a gateway to send requests to; there is none.",
					"Set '" + OWN + "' to true for a gateway of this application, or '" + OTHER
							+ "' to the name of another application's gateway.",
					cause);
		}
		return new FailureAnalysis(client + "but nothing connects this application with the gateway.",
				"Add the dependency 'org.springframework.boot:spring-boot-starter-kafka' or, in development and for a "
						+ "gateway of this application, set 'statefun.local-runtime.enabled' to true.",
				cause);
	}

	private boolean hasGateway() {
		return this.environment != null && (this.environment.getProperty(OWN, Boolean.class, false)
				|| this.environment.containsProperty(OTHER));
	}

}
