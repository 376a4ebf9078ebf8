package dev.statefun.spring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.FunctionBeanDiscoverer;
import dev.statefun.spring.OnFailure;
import dev.statefun.spring.boot.autoconfigure.internal.Ancestors;
import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation;

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
		for (ConfigurableListableBeanFactory ancestor : Ancestors.of(own)) {
			if (EndpointLocation.isIn(ancestor)) {
				break;
			}
			List<ConfigurableListableBeanFactory> hiding = List.copyOf(descendants);
			discoverers.add(discovererOf(ancestor)
				.without((name) -> hiding.stream().anyMatch((descendant) -> descendant.containsLocalBean(name))));
			descendants.add(ancestor);
		}
		return new FunctionBeans(discoverers);
	}

	// The discoverer of an ancestor knows only the beans there
	private static FunctionBeanDiscoverer discovererOf(ConfigurableListableBeanFactory beanFactory) {
		boolean hasOwn = beanFactory.getBeanNamesForType(FunctionBeanDiscoverer.class, true, false).length > 0;
		return hasOwn ? beanFactory.getBean(FunctionBeanDiscoverer.class) : new FunctionBeanDiscoverer(beanFactory);
	}

	void registerAll(StatefulFunctions.Builder functions) {
		this.discoverers.forEach((discoverer) -> discoverer.registerAll(functions));
	}

	Map<FunctionType, OnFailure> failureDecisions() {
		Map<FunctionType, OnFailure> decisions = new LinkedHashMap<>();
		this.discoverers.forEach((discoverer) -> decisions.putAll(discoverer.failureDecisions()));
		return decisions;
	}

}
