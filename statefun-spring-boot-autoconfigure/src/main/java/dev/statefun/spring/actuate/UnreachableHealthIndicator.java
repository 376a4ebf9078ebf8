package dev.statefun.spring.actuate;

import dev.statefun.sdk.registry.StatefulFunctions;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.util.Assert;

/**
 * Reports the health of functions in an application without an endpoint: unknown, as no
 * cluster can reach them. Other callers, such as the local runtime, are not considered.
 *
 * @since 0.1.0
 */
public final class UnreachableHealthIndicator extends AbstractHealthIndicator {

	private final StatefulFunctions functions;

	/**
	 * Create the indicator.
	 * @param functions the functions that are registered
	 */
	public UnreachableHealthIndicator(StatefulFunctions functions) {
		Assert.notNull(functions, "'functions' must not be null");
		this.functions = functions;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.unknown()
			.withDetail("functions", this.functions.functions().size())
			.withDetail("endpoint", "none: it needs a servlet web application with Spring MVC, or the "
					+ "dependency 'statefun-spring-boot-starter-netty' and 'statefun.server.engine=netty'");
	}

}
