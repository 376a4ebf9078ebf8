package dev.statefun.spring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.FailureDecision;
import dev.statefun.spring.FunctionBeanDiscoverer;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Annotated beans whose functions a context serves: its own, and those of its ancestors
 * up to the first that has an endpoint itself. As everywhere in Spring, a bean hides
 * those of the same name in ancestors.
 */
final class FunctionBeans {

	private final List<FunctionBeanDiscoverer> discoverers;

	private FunctionBeans(List<FunctionBeanDiscoverer> discoverers) {
		this.discoverers = List.copyOf(discoverers);
	}

	static FunctionBeans of(ConfigurableListableBeanFactory own) {
		List<FunctionBeanDiscoverer> discoverers = new ArrayList<>();
		discoverers.add(discovererOf(own));
		List<ConfigurableListableBeanFactory> descendants = new ArrayList<>(List.of(own));
		ConfigurableListableBeanFactory ancestor = parentOf(own);
		while (ancestor != null && !hasEndpoint(ancestor)) {
			List<ConfigurableListableBeanFactory> hiding = List.copyOf(descendants);
			discoverers.add(discovererOf(ancestor)
				.without((name) -> hiding.stream().anyMatch((descendant) -> descendant.containsLocalBean(name))));
			descendants.add(ancestor);
			ancestor = parentOf(ancestor);
		}
		return new FunctionBeans(discoverers);
	}

	static @Nullable ConfigurableListableBeanFactory parentOf(ConfigurableListableBeanFactory beanFactory) {
		BeanFactory parent = beanFactory.getParentBeanFactory();
		return (parent instanceof ConfigurableListableBeanFactory listable) ? listable : null;
	}

	static boolean hasEndpoint(ConfigurableListableBeanFactory beanFactory) {
		return has(beanFactory, EndpointLocation.class);
	}

	private static boolean has(ConfigurableListableBeanFactory beanFactory, Class<?> type) {
		return beanFactory.getBeanNamesForType(type, true, false).length > 0;
	}

	// The discoverer of an ancestor knows only the beans there
	private static FunctionBeanDiscoverer discovererOf(ConfigurableListableBeanFactory beanFactory) {
		return has(beanFactory, FunctionBeanDiscoverer.class) ? beanFactory.getBean(FunctionBeanDiscoverer.class)
				: new FunctionBeanDiscoverer(beanFactory);
	}

	void registerAll(StatefulFunctions.Builder functions) {
		this.discoverers.forEach((discoverer) -> discoverer.registerAll(functions));
	}

	Map<FunctionType, FailureDecision> failureDecisions() {
		Map<FunctionType, FailureDecision> decisions = new LinkedHashMap<>();
		this.discoverers.forEach((discoverer) -> decisions.putAll(discoverer.failureDecisions()));
		return decisions;
	}

}
