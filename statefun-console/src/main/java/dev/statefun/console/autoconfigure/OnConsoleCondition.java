package dev.statefun.console.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if the console is enabled or, where that is not set, if the local runtime is.
 */
final class OnConsoleCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("console");
		Environment environment = context.getEnvironment();
		Boolean enabled = environment.getProperty("statefun.console.enabled", Boolean.class);
		if (enabled != null) {
			return new ConditionOutcome(enabled, message.because("'statefun.console.enabled' is " + enabled));
		}
		boolean local = environment.getProperty("statefun.local-runtime.enabled", Boolean.class, false);
		return new ConditionOutcome(local, message.because("'statefun.local-runtime.enabled' is " + local));
	}

}
