package dev.statefun.spring.boot.autoconfigure.gateway;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;

/**
 * Matches if this application has a gateway, or a client of another one's.
 */
final class OnGatewayCondition extends AnyNestedCondition {

	OnGatewayCondition() {
		super(ConfigurationPhase.PARSE_CONFIGURATION);
	}

	/**
	 * An own gateway.
	 */
	@ConditionalOnBooleanProperty("statefun.gateway.enabled")
	static class OwnGateway {

	}

	/**
	 * The gateway of another application.
	 */
	@ConditionalOnProperty("statefun.client.gateway")
	static class OtherGateway {

	}

}
