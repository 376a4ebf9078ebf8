package dev.statefun.spring.boot.autoconfigure.gateway;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Matches if the client sends to the gateway of this application, and that one is in a
 * local runtime.
 */
final class OnLocalGatewayCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Environment environment = context.getEnvironment();
		ConditionMessage.Builder message = ConditionMessage.forCondition("Gateway in a local runtime");
		for (String property : new String[] { "statefun.gateway.enabled", "statefun.local-runtime.enabled" }) {
			if (!environment.getProperty(property, Boolean.class, false)) {
				return ConditionOutcome.noMatch(message.because("'" + property + "' is not true"));
			}
		}
		String client = environment.getProperty("statefun.client.gateway");
		String own = environment.getProperty("statefun.gateway.name",
				environment.getProperty("spring.application.name", ""));
		if (StringUtils.hasText(client) && !client.equals(own)) {
			return ConditionOutcome
				.noMatch(message.because("'statefun.client.gateway' is the gateway of another application"));
		}
		return ConditionOutcome.match(message.because("the client sends to it"));
	}

}
