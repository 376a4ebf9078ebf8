package dev.statefun.spring.boot.autoconfigure.security;

import java.util.function.Supplier;

import dev.statefun.spring.boot.autoconfigure.internal.SecurityChainDecision;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Logs once after the start-up if clusters will be refused, or if every client that
 * reaches the endpoint can run functions.
 */
final class ExposureCheck implements ApplicationListener<ContextRefreshedEvent> {

	private static final Log logger = LogFactory.getLog(ExposureCheck.class);

	private final String path;

	private final Exposure exposure;

	private final Supplier<SecurityChainDecision> decision;

	private final ApplicationContext context;

	/**
	 * Create a check.
	 * @param path path of the endpoint
	 * @param exposure restrictions of the endpoint
	 * @param decision decision of Spring Security about clusters
	 * @param context the application
	 */
	ExposureCheck(String path, Exposure exposure, Supplier<SecurityChainDecision> decision,
			ApplicationContext context) {
		this.path = path;
		this.exposure = exposure;
		this.decision = decision;
		this.context = context;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		if (event.getApplicationContext() != this.context) {
			return;
		}
		switch (this.decision.get()) {
			case REFUSES -> logger.error("Spring Security will refuse StateFun clusters at POST " + this.path
					+ ", as they send no credentials. Add a rule for them to the security filter chain: "
					+ "requests.requestMatchers(StatefunRequest.toEndpoint()).permitAll()");
			case PERMITS -> {
				if (this.exposure.isOpen() && !this.exposure.isDevelopment()) {
					logger.warn("The endpoint for StateFun clusters, POST " + this.path
							+ ", is open: any client that reaches it can run functions. "
							+ "Set 'statefun.security.secret', 'statefun.security.allowed-addresses', or "
							+ "'statefun.server.port' with an SSL bundle that has a trust store");
				}
			}
			case LOOKS_CLOSER -> {
			}
		}
	}

}
