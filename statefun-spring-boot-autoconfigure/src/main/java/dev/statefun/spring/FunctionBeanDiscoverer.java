package dev.statefun.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.statefun.sdk.AnnotatedFunction;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.StatefulFunctions;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;
import org.springframework.util.Assert;

/**
 * Finds the beans that are annotated with {@link StatefulFunction @StatefulFunction}. The
 * annotations are read from the class behind a proxy, the calls go to the bean itself, so
 * that its advice runs.
 *
 * @since 0.1.0
 */
public final class FunctionBeanDiscoverer {

	private final ConfigurableListableBeanFactory beanFactory;

	/**
	 * Create a discoverer.
	 * @param beanFactory where the beans are
	 */
	public FunctionBeanDiscoverer(ConfigurableListableBeanFactory beanFactory) {
		Assert.notNull(beanFactory, "'beanFactory' must not be null");
		this.beanFactory = beanFactory;
	}

	/**
	 * Register all annotated beans.
	 * @param functions where to register them
	 * @throws dev.statefun.sdk.DuplicateFunctionException if two beans have one function
	 * type
	 * @throws InvalidFunctionTypeException if a bean's function type is not of the form
	 * {@code <namespace>/<name>}
	 */
	public void registerAll(StatefulFunctions.Builder functions) {
		for (String beanName : this.beanFactory.getBeanNamesForAnnotation(StatefulFunction.class)) {
			if (!ScopedProxyUtils.isScopedTarget(beanName)) {
				functions.register(typeOf(beanName), describe(beanName));
			}
		}
	}

	private FunctionType typeOf(String beanName) {
		StatefulFunction annotation = findOnBeanMethod(beanName);
		if (annotation == null) {
			annotation = this.beanFactory.findAnnotationOnBean(beanName, StatefulFunction.class);
		}
		Assert.state(annotation != null, () -> "Bean '" + beanName + "' has lost its @StatefulFunction");
		String typename = resolve(annotation.type());
		try {
			return FunctionType.parse(typename);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidFunctionTypeException(beanName, typename, ex);
		}
	}

	// Who writes a type on the method means this bean; the class may serve others too
	private @Nullable StatefulFunction findOnBeanMethod(String beanName) {
		if (this.beanFactory.containsBeanDefinition(beanName)
				&& this.beanFactory.getMergedBeanDefinition(beanName) instanceof RootBeanDefinition definition) {
			Method method = definition.getResolvedFactoryMethod();
			return (method != null) ? AnnotatedElementUtils.findMergedAnnotation(method, StatefulFunction.class) : null;
		}
		return null;
	}

	private AnnotatedFunction describe(String beanName) {
		Object bean = this.beanFactory.getBean(beanName);
		// A prototype is asked for with every message, as anybody who injects one does
		Supplier<?> instance = this.beanFactory.isPrototype(beanName) ? () -> this.beanFactory.getBean(beanName)
				: () -> bean;
		Class<?> handlerClass = AopProxyUtils.ultimateTargetClass(bean);
		return AnnotatedFunction.of(handlerClass, instance)
			.origin("bean '" + beanName + "'")
			.callableMethod(callableOn(bean))
			.textResolver(this::resolve);
	}

	private static UnaryOperator<Method> callableOn(Object bean) {
		return (method) -> {
			if (AnnotatedElementUtils.hasAnnotation(method, Async.class)
					|| AnnotatedElementUtils.hasAnnotation(method.getDeclaringClass(), Async.class)) {
				throw new IllegalStateException("it is @Async, so it would still run when the batch has been answered, "
						+ "and its effects would be lost; remove @Async and return a CompletionStage");
			}
			if (AopUtils.isCglibProxy(bean) && Modifier.isFinal(method.getModifiers())) {
				throw new IllegalStateException("it is final, so the bean's proxy can't pass calls on; remove 'final'");
			}
			return AopUtils.selectInvocableMethod(method, bean.getClass());
		};
	}

	private String resolve(String text) {
		String resolved = this.beanFactory.resolveEmbeddedValue(text);
		return (resolved != null) ? resolved : "";
	}

}
