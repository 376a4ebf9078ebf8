package dev.statefun.spring.boot.autoconfigure;

import java.util.List;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Hides beans of ancestors from a context that has beans of the same type. Spring itself
 * hides beans of the same name; this is for applications that define such a bean under
 * another name, in the context or in an ancestor.
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
