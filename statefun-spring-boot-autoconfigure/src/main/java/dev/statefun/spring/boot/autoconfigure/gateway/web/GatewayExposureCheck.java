package dev.statefun.spring.boot.autoconfigure.gateway.web;

import java.util.List;
import java.util.function.Function;

import dev.statefun.spring.boot.autoconfigure.internal.SecurityChainDecision;
import dev.statefun.spring.boot.autoconfigure.internal.ServerExposure;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Logs once after the start-up if every client that reaches the server can call
 * functions, or if none can be reached.
 */
final class GatewayExposureCheck implements ApplicationListener<ContextRefreshedEvent> {

	private static final Log logger = LogFactory.getLog(GatewayExposureCheck.class);

	private final String path;

	private final List<String> functions;

	private final ServerExposure exposure;

	private final Function<String, SecurityChainDecision> decision;

	private final ApplicationContext context;

	/**
	 * Create a check.
	 * @param path path of the gateway within the context
	 * @param functions the functions that can be reached, as configured
	 * @param exposure exposure of the server
	 * @param decision decision of Spring Security about requests without credentials to a
	 * path
	 * @param context the application
	 */
	GatewayExposureCheck(String path, List<String> functions, ServerExposure exposure,
			Function<String, SecurityChainDecision> decision, ApplicationContext context) {
		this.path = path;
		this.functions = functions;
		this.exposure = exposure;
		this.decision = decision;
		this.context = context;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		if (event.getApplicationContext() != this.context) {
			return;
		}
		if (this.functions.isEmpty()) {
			logger.warn("No function can be reached at " + this.path + ". Name those that can be in "
					+ "'statefun.gateway.functions'");
			return;
		}
		List<String> open = this.functions.stream().filter(this::isOpen).toList();
		if (!open.isEmpty() && !this.exposure.isDevelopment() && !this.exposure.isLocal()
				&& !this.exposure.needsCertificate()) {
			logger.warn("The gateway, POST " + this.path + "/{namespace}/{name}/{id}, is open: any client that reaches "
					+ "it can call " + open + ". Add a rule to the security filter chain, such as "
					+ "requests.requestMatchers(StatefunGatewayRequest.toGateway()).authenticated()");
		}
	}

	private boolean isOpen(String function) {
		String example = this.path + "/" + function.replace("*", "name") + "/id";
		return this.decision.apply(example) == SecurityChainDecision.PERMITS;
	}

}
