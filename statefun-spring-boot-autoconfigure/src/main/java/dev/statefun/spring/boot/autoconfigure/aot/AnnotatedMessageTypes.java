package dev.statefun.spring.boot.autoconfigure.aot;

import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.message.MessageType;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.Environment;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Types of the application that are marked with {@link MessageType @MessageType}: they
 * may be sent even if no handler takes them.
 *
 * @param types the types
 */
record AnnotatedMessageTypes(List<Class<?>> types) {

	static AnnotatedMessageTypes of(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		List<Class<?>> types = new ArrayList<>();
		if (AutoConfigurationPackages.has(beanFactory)) {
			ClassLoader classLoader = beanFactory.getBeanClassLoader();
			Scanner scanner = new Scanner(environment);
			scanner.setResourceLoader(new DefaultResourceLoader(classLoader));
			for (String basePackage : AutoConfigurationPackages.get(beanFactory)) {
				scanner.findCandidateComponents(basePackage)
					.forEach((found) -> types
						.add(ClassUtils.resolveClassName(String.valueOf(found.getBeanClassName()), classLoader)));
			}
		}
		return new AnnotatedMessageTypes(List.copyOf(types));
	}

	private static final class Scanner extends ClassPathScanningCandidateComponentProvider {

		private Scanner(Environment environment) {
			super(false, environment);
			addIncludeFilter(new AnnotationTypeFilter(MessageType.class, false));
		}

		// Interfaces and abstract classes too
		@Override
		protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
			return true;
		}

	}

}
