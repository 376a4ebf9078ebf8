package dev.statefun.spring.boot.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;

/**
 * Matches if single messages are traced, or are to be observed anyway.
 */
final class OnInvocationObserversCondition extends SpringBootCondition implements ConfigurationCondition {

	private static final String TRACER = "io.micrometer.tracing.Tracer";

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("observers of messages");
		Boolean setting = context.getEnvironment().getProperty("statefun.observations.invocations", Boolean.class);
		if (setting != null) {
			return new ConditionOutcome(setting, message.because("'statefun.observations.invocations' is " + setting));
		}
		boolean traced = isTraced(context);
		return new ConditionOutcome(traced, message.because(traced ? "found a tracer" : "found no tracer"));
	}

	private static boolean isTraced(ConditionContext context) {
		ClassLoader classLoader = context.getClassLoader();
		if (context.getBeanFactory() == null || !ClassUtils.isPresent(TRACER, classLoader)) {
			return false;
		}
		Class<?> tracer = ClassUtils.resolveClassName(TRACER, classLoader);
		return context.getBeanFactory().getBeanNamesForType(tracer, true, false).length > 0;
	}

}
