package dev.statefun.spring.boot.autoconfigure.internal;

import java.util.ArrayList;
import java.util.List;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Internal: may change in any release. Finds the bean factories of parent contexts.
 */
public final class Ancestors {

	private Ancestors() {
	}

	/**
	 * Return the bean factories of all ancestors, the nearest first.
	 * @param beanFactory bean factory of a context
	 * @return its ancestors; empty if it has no parent
	 */
	public static List<ConfigurableListableBeanFactory> of(ConfigurableListableBeanFactory beanFactory) {
		List<ConfigurableListableBeanFactory> ancestors = new ArrayList<>();
		ConfigurableListableBeanFactory descendant = beanFactory;
		while (descendant.getParentBeanFactory() instanceof ConfigurableListableBeanFactory ancestor) {
			ancestors.add(ancestor);
			descendant = ancestor;
		}
		return ancestors;
	}

	/**
	 * Return a bean factory and those of all its ancestors, the nearest first.
	 * @param beanFactory bean factory of a context
	 * @return the bean factory and its ancestors
	 */
	public static List<ConfigurableListableBeanFactory> withSelf(ConfigurableListableBeanFactory beanFactory) {
		List<ConfigurableListableBeanFactory> all = new ArrayList<>(List.of(beanFactory));
		all.addAll(of(beanFactory));
		return all;
	}

}
