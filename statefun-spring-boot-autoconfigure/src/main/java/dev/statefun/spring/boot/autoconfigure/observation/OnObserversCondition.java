package dev.statefun.spring.boot.autoconfigure.observation;

import dev.statefun.spring.boot.autoconfigure.internal.Ancestors;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if a property is true or, where it is not set, if there is a bean that uses
 * observations.
 */
abstract class OnObserversCondition extends SpringBootCondition implements ConfigurationCondition {

	private final String property;

	OnObserversCondition(String property) {
		this.property = property;
	}

	@Override
	public final ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public final ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("observers");
		Boolean setting = context.getEnvironment().getProperty(this.property, Boolean.class);
		if (setting != null) {
			return new ConditionOutcome(setting, message.because("'" + this.property + "' is " + setting));
		}
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		String observer = (beanFactory != null) ? findIncludingAncestors(beanFactory) : null;
		return (observer != null) ? ConditionOutcome.match(message.because("found bean '" + observer + "'"))
				: ConditionOutcome.noMatch(message.because("found none"));
	}

	private @Nullable String findIncludingAncestors(ConfigurableListableBeanFactory beanFactory) {
		for (ConfigurableListableBeanFactory level : Ancestors.withSelf(beanFactory)) {
			String observer = findObserver(level);
			if (observer != null) {
				return observer;
			}
		}
		return null;
	}

	/**
	 * Find a bean that uses observations.
	 * @param beanFactory bean factory to search
	 * @return its name, or {@code null} if there is none
	 */
	abstract @Nullable String findObserver(ConfigurableListableBeanFactory beanFactory);

}
