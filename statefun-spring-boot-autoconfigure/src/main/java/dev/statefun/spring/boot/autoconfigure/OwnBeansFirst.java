package dev.statefun.spring.boot.autoconfigure;

import java.util.List;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Lets a context that has beans of some types not see those of its ancestors. Beans of
 * the same name are hidden by Spring itself; this is for a context whose application has
 * defined such a bean under another name, be it the context or an ancestor of it.
 */
final class OwnBeansFirst implements BeanFactoryPostProcessor {

	private final List<Class<?>> types;

	OwnBeansFirst(Class<?>... types) {
		this.types = List.of(types);
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		ConfigurableListableBeanFactory ancestor = FunctionBeans.parentOf(beanFactory);
		while (ancestor != null) {
			for (Class<?> type : this.types) {
				hide(ancestor.getBeanNamesForType(type, true, false),
						beanFactory.getBeanNamesForType(type, true, false), beanFactory);
			}
			ancestor = FunctionBeans.parentOf(ancestor);
		}
	}

	private static void hide(String[] inherited, String[] own, ConfigurableListableBeanFactory beanFactory) {
		for (String name : inherited) {
			if (own.length > 0 && !beanFactory.containsLocalBean(name)) {
				beanFactory.registerAlias(own[0], name);
			}
		}
	}

}
