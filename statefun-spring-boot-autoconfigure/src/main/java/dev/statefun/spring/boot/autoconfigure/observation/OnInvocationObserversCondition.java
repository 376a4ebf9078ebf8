package dev.statefun.spring.boot.autoconfigure.observation;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Matches if single messages are traced, or if a property enables their observation.
 */
final class OnInvocationObserversCondition extends OnObserversCondition {

	private static final String TRACER = "io.micrometer.tracing.Tracer";

	OnInvocationObserversCondition() {
		super("statefun.observations.invocations");
	}

	@Override
	@Nullable String findObserver(ConfigurableListableBeanFactory beanFactory) {
		ClassLoader classLoader = beanFactory.getBeanClassLoader();
		if (!ClassUtils.isPresent(TRACER, classLoader)) {
			return null;
		}
		String[] tracers = beanFactory.getBeanNamesForType(ClassUtils.resolveClassName(TRACER, classLoader), true,
				false);
		return (tracers.length > 0) ? tracers[0] : null;
	}

}
