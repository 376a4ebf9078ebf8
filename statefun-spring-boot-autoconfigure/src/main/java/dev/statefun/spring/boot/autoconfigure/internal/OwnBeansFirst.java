package dev.statefun.spring.boot.autoconfigure.internal;

import java.util.List;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Internal: may change in any release. Hides beans of ancestors from a context that has
 * beans of the same type. Spring itself hides beans of the same name; this is for
 * applications that define such a bean under another name, in the context or in an
 * ancestor.
 */
public final class OwnBeansFirst implements BeanFactoryPostProcessor {

	private final List<Class<?>> types;

	/**
	 * Create a post-processor.
	 * @param types types of the beans that take precedence
	 */
	public OwnBeansFirst(Class<?>... types) {
		this.types = List.of(types);
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		for (ConfigurableListableBeanFactory ancestor : Ancestors.of(beanFactory)) {
			for (Class<?> type : this.types) {
				hide(ancestor.getBeanNamesForType(type, true, false),
						beanFactory.getBeanNamesForType(type, true, false), beanFactory);
			}
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
