package dev.statefun.spring.boot.autoconfigure;

import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;

/**
 * Matches if there is more to see observations of batches than meters, which come cheaper
 * without: a handler of another kind, or a registry of the application's own.
 */
final class OnBatchObserversCondition extends SpringBootCondition implements ConfigurationCondition {

	private static final String METERS = "io.micrometer.core.instrument.observation.MeterObservationHandler";

	private static final String BOOT = "org.springframework.boot.micrometer.observation.autoconfigure."
			+ "ObservationAutoConfiguration";

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("observers of batches");
		Boolean setting = context.getEnvironment().getProperty("statefun.observations.batches", Boolean.class);
		if (setting != null) {
			return new ConditionOutcome(setting, message.because("'statefun.observations.batches' is " + setting));
		}
		String observer = findObserver(context.getBeanFactory());
		return (observer != null) ? ConditionOutcome.match(message.because("found bean '" + observer + "'"))
				: ConditionOutcome.noMatch(message.because("only meters observe"));
	}

	private static @Nullable String findObserver(@Nullable ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory == null) {
			return null;
		}
		for (String name : beanFactory.getBeanNamesForType(ObservationHandler.class, true, false)) {
			if (!isForMeters(beanFactory.getType(name, false))) {
				return name;
			}
		}
		for (String name : beanFactory.getBeanNamesForType(ObservationRegistry.class, true, false)) {
			if (!beanFactory.containsBeanDefinition(name)
					|| !BOOT.equals(beanFactory.getMergedBeanDefinition(name).getFactoryBeanName())) {
				return name;
			}
		}
		return null;
	}

	private static boolean isForMeters(@Nullable Class<?> handler) {
		if (handler == null) {
			return false;
		}
		for (Class<?> type : ClassUtils.getAllInterfacesForClass(handler)) {
			if (type.getName().equals(METERS)) {
				return true;
			}
		}
		return false;
	}

}
