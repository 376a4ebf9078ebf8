package dev.statefun.spring.boot.autoconfigure.observation;

import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Matches if observations of batches serve more than meters, which cost less without
 * observations: there is a handler of another kind, or a registry of the application's
 * own.
 */
final class OnBatchObserversCondition extends OnObserversCondition {

	private static final String METERS = "io.micrometer.core.instrument.observation.MeterObservationHandler";

	private static final String BOOT = "org.springframework.boot.micrometer.observation.autoconfigure."
			+ "ObservationAutoConfiguration";

	OnBatchObserversCondition() {
		super("statefun.observations.batches");
	}

	@Override
	@Nullable String findObserver(ConfigurableListableBeanFactory beanFactory) {
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
