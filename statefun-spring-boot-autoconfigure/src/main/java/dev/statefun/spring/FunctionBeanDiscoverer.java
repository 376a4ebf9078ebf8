package dev.statefun.spring;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.registry.FunctionSource;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.registry.UncallableMethodException;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

/**
 * Finds the beans annotated with {@link StatefulFunction @StatefulFunction}. The
 * annotations are read from the class behind a proxy; calls go to the bean itself, so
 * that its advice runs.
 *
 * @since 0.1.0
 */
public final class FunctionBeanDiscoverer {

	private static final String SCOPED_TARGET = ScopedProxyUtils.getTargetBeanName("");

	private final ConfigurableListableBeanFactory beanFactory;

	private final Description description;

	private final Function<FunctionBeanDiscoverer, Map<String, Target<?>>> targets;

	private final Predicate<String> hidden;

	/**
	 * Create a discoverer.
	 * @param beanFactory bean factory to search
	 */
	public FunctionBeanDiscoverer(ConfigurableListableBeanFactory beanFactory) {
		this(beanFactory, (discoverer, name, definition) -> discoverer.describe(name),
				FunctionBeanDiscoverer::targetBeans, (name) -> false);
	}

	private FunctionBeanDiscoverer(ConfigurableListableBeanFactory beanFactory, Description description,
			Function<FunctionBeanDiscoverer, Map<String, Target<?>>> targets, Predicate<String> hidden) {
		Assert.notNull(beanFactory, "'beanFactory' must not be null");
		this.beanFactory = beanFactory;
		this.description = description;
		this.targets = targets;
		this.hidden = hidden;
	}

	/**
	 * Create a discoverer that reads the annotations from the types of the beans and
	 * creates a bean only if its type is not sufficient. Use it to list functions without
	 * the resources that they need to run. Whether a proxy can pass on calls is not
	 * checked, and neither are {@link Target} beans.
	 * @param beanFactory bean factory to search
	 * @return the discoverer
	 */
	public static FunctionBeanDiscoverer ofTypes(ConfigurableListableBeanFactory beanFactory) {
		return new FunctionBeanDiscoverer(beanFactory, FunctionBeanDiscoverer::describeType, (discoverer) -> Map.of(),
				(name) -> false);
	}

	/**
	 * Return a discoverer that leaves out some beans, such as those that beans of a child
	 * context hide. This discoverer is not changed.
	 * @param names matches the names of the beans to leave out
	 * @return the other discoverer
	 */
	public FunctionBeanDiscoverer without(Predicate<String> names) {
		Assert.notNull(names, "'names' must not be null");
		return new FunctionBeanDiscoverer(this.beanFactory, this.description, this.targets, this.hidden.or(names));
	}

	/**
	 * Register all annotated beans, and add the {@link Target} beans, which are checked
	 * when the registry is built.
	 * @param functions where to register them
	 * @throws dev.statefun.sdk.registry.DuplicateFunctionException if two beans have one
	 * function type
	 * @throws InvalidFunctionTypeException if a bean's function type is not of the form
	 * {@code <namespace>/<name>}
	 */
	public void registerAll(StatefulFunctions.Builder functions) {
		definitions().forEach((name, definition) -> functions.register(typeOf(definition),
				this.description.of(this, name, definition)));
		this.targets.apply(this).forEach((name, target) -> functions.target("bean '" + name + "'", target));
	}

	private Map<String, Target<?>> targetBeans() {
		Map<String, Target<?>> beans = new LinkedHashMap<>();
		for (String name : this.beanFactory.getBeanNamesForType(Target.class, true, false)) {
			if (!this.hidden.test(name)) {
				beans.put(name, this.beanFactory.getBean(name, Target.class));
			}
		}
		return beans;
	}

	/**
	 * Return the decisions about failed messages that annotations make.
	 * @return decisions by function; functions without one are left out
	 * @throws InvalidFunctionTypeException if a bean's function type is not of the form
	 * {@code <namespace>/<name>}
	 */
	public Map<FunctionType, OnFailure> failureDecisions() {
		Map<FunctionType, OnFailure> decisions = new LinkedHashMap<>();
		definitions().values().forEach((definition) -> {
			OnFailure onFailure = annotationOf(definition).onFailure();
			if (onFailure != OnFailure.AS_CONFIGURED) {
				decisions.put(typeOf(definition), onFailure);
			}
		});
		return decisions;
	}

	/**
	 * Return the classes that have the handlers of the annotated beans, as far as the
	 * bean definitions declare them. No bean is created.
	 * @return the class of each bean, by name; {@code Object} if nothing is known
	 */
	public Map<String, Class<?>> handlerClasses() {
		Map<String, Class<?>> classes = new LinkedHashMap<>();
		definitions().forEach((name, definition) -> {
			Class<?> type = this.beanFactory.getType(definition, false);
			classes.put(name, (type != null) ? ClassUtils.getUserClass(type) : Object.class);
		});
		return classes;
	}

	// The annotation may only be found on the target of a scoped proxy, but the proxy
	// is called
	private Map<String, String> definitions() {
		Map<String, String> definitions = new LinkedHashMap<>();
		for (String name : this.beanFactory.getBeanNamesForAnnotation(StatefulFunction.class)) {
			if (ScopedProxyUtils.isScopedTarget(name)) {
				definitions.put(name.substring(SCOPED_TARGET.length()), name);
			}
			else {
				definitions.putIfAbsent(name, name);
			}
		}
		definitions.keySet().removeIf(this.hidden);
		return definitions;
	}

	private StatefulFunction annotationOf(String beanName) {
		StatefulFunction annotation = findOnBeanMethod(beanName);
		if (annotation == null) {
			annotation = this.beanFactory.findAnnotationOnBean(beanName, StatefulFunction.class);
		}
		Assert.state(annotation != null, () -> "Bean '" + beanName + "' has lost its @StatefulFunction");
		return annotation;
	}

	private FunctionType typeOf(String beanName) {
		try {
			return FunctionType.parse(resolve(annotationOf(beanName).type(), "Function type"));
		}
		catch (InvalidDeclarationException ex) {
			throw new InvalidFunctionTypeException(beanName, ex);
		}
	}

	// A type on the method is meant for this bean; the class may serve others too
	private @Nullable StatefulFunction findOnBeanMethod(String beanName) {
		if (this.beanFactory.containsBeanDefinition(beanName)
				&& this.beanFactory.getMergedBeanDefinition(beanName) instanceof RootBeanDefinition definition) {
			Method method = definition.getResolvedFactoryMethod();
			return (method != null) ? AnnotatedElementUtils.findMergedAnnotation(method, StatefulFunction.class) : null;
		}
		return null;
	}

	// A FunctionHandler declares its states by code, and an abstract type not all
	// there is
	private FunctionSource describeType(String beanName, String definition) {
		Class<?> type = this.beanFactory.getType(definition, false);
		if (type == null || Modifier.isAbstract(type.getModifiers()) || FunctionHandler.class.isAssignableFrom(type)) {
			return describe(beanName);
		}
		return FunctionSource.of(ClassUtils.getUserClass(type), () -> this.beanFactory.getBean(beanName))
			.origin("bean '" + beanName + "'")
			.textResolver((text) -> resolve(text, "Text"));
	}

	private FunctionSource describe(String beanName) {
		Object bean = this.beanFactory.getBean(beanName);
		// A bean that is no singleton is looked up for every message
		Supplier<?> instance = this.beanFactory.isSingleton(beanName) ? () -> bean
				: () -> this.beanFactory.getBean(beanName);
		Class<?> handlerClass = ClassUtils.getUserClass(AopProxyUtils.ultimateTargetClass(bean));
		return FunctionSource.of(handlerClass, instance)
			.origin("bean '" + beanName + "'")
			.callableMethod(callableOn(bean, handlerClass))
			.textResolver((text) -> resolve(text, "Text"));
	}

	private static UnaryOperator<Method> callableOn(Object bean, Class<?> handlerClass) {
		return (method) -> {
			if (isAsync(method) || isAsync(handlerClass)
					|| (method.getDeclaringClass() != handlerClass && isAsync(method.getDeclaringClass()))) {
				throw new UncallableMethodException(
						"it is @Async, so it would still run when the batch has been answered, and its effects would be lost",
						"Remove @Async, and return a CompletionStage");
			}
			if (AopUtils.isCglibProxy(bean)) {
				requirePassedOn(method, handlerClass);
			}
			return invocable(method, bean);
		};
	}

	private static boolean isAsync(AnnotatedElement element) {
		return AnnotatedElementUtils.hasAnnotation(element, Async.class);
	}

	// A method that the proxy's class can't override would run on the proxy itself, with
	// none of the bean's fields set
	private static void requirePassedOn(Method method, Class<?> handlerClass) {
		int modifiers = method.getModifiers();
		if (Modifier.isFinal(modifiers)) {
			throw new UncallableMethodException("it is final, so the bean's proxy can't pass calls on",
					"Remove 'final'");
		}
		if (Modifier.isPrivate(modifiers)) {
			throw new UncallableMethodException("it is private, so the bean's proxy can't pass calls on",
					"Remove 'private'");
		}
		boolean packagePrivate = (modifiers & (Modifier.PUBLIC | Modifier.PROTECTED)) == 0;
		if (packagePrivate && !method.getDeclaringClass().getPackageName().equals(handlerClass.getPackageName())) {
			throw new UncallableMethodException(
					"it is package-private in another package, so the bean's proxy can't pass calls on",
					"Make it protected or public");
		}
	}

	private static Method invocable(Method method, Object bean) {
		try {
			return AopUtils.selectInvocableMethod(method, bean.getClass());
		}
		catch (IllegalStateException ex) {
			throw new UncallableMethodException("the bean is a JDK proxy, and none of its interfaces has the method",
					"Declare the method in an interface of the bean, or let the proxy extend the class "
							+ "(spring.aop.proxy-target-class=true)");
		}
	}

	private String resolve(String text, String what) {
		try {
			String resolved = this.beanFactory.resolveEmbeddedValue(text);
			return (resolved != null) ? resolved : "";
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidDeclarationException(what + " '" + text + "' has a placeholder that can't be resolved",
					"Set the property that it names, or give it a default", ex);
		}
	}

	@FunctionalInterface
	private interface Description {

		FunctionSource of(FunctionBeanDiscoverer discoverer, String beanName, String definition);

	}

}
