package dev.statefun.spring.boot.autoconfigure;

import java.lang.reflect.Constructor;
import java.lang.reflect.Member;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.statefun.sdk.egress.Egress;
import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.registry.FunctionLookup;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.EgressName;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.core.ResolvableType;

/**
 * Makes the egresses that are injected. They are no beans, because each injection point
 * gets its own: a bean that depends on its injection point could not be looked up. They
 * are checked once all singletons exist, as the registry that knows the egresses needs
 * the functions, into which they are injected. Thread-safe.
 */
final class InjectedEgresses implements BeanFactoryPostProcessor, SmartInitializingSingleton {

	private final ObjectProvider<StatefulFunctions> functions;

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	private final Object lock = new Object();

	/** Those that are not checked yet. Guarded by the lock. */
	private final Map<Egress<?>, String> unchecked = new LinkedHashMap<>();

	/** Whether all singletons exist. Guarded by the lock. */
	private boolean started;

	/**
	 * Create a factory of egresses.
	 * @param functions has the registry, unless functions are disabled
	 */
	InjectedEgresses(ObjectProvider<StatefulFunctions> functions) {
		this.functions = functions;
	}

	// Spring regards null as no candidate
	@Override
	@SuppressWarnings("NullAway")
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
		ObjectFactory<?> factory = () -> create(beanFactory);
		beanFactory.registerResolvableDependency(Egress.class, factory);
	}

	// Null leaves the injection point to the beans of the application
	private @Nullable Egress<?> create(ConfigurableListableBeanFactory beanFactory) {
		InjectionPoint point = beanFactory.createBean(Receiver.class).point();
		EgressName name = point.getAnnotation(EgressName.class);
		if (name == null && BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, Egress.class).length > 0) {
			return null;
		}
		return create(point, name, beanFactory);
	}

	private static String resolve(String name, ConfigurableListableBeanFactory beanFactory) {
		return String.valueOf(beanFactory.resolveEmbeddedValue(name));
	}

	private Egress<?> create(InjectionPoint point, @Nullable EgressName name,
			ConfigurableListableBeanFactory beanFactory) {
		String origin = describe(point.getMember());
		if (name == null) {
			throw new InvalidDeclarationException("An Egress is injected into " + origin + " without a name",
					"Put @EgressName(\"<name>\") on the parameter or the field", null);
		}
		Egress<?> egress = Egress.ofType(resolve(name.value(), beanFactory), typeOf(point, origin));
		synchronized (this.lock) {
			if (!this.started) {
				this.unchecked.putIfAbsent(egress, origin);
				return egress;
			}
		}
		check(egress, origin);
		return egress;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Map<Egress<?>, String> injected;
		synchronized (this.lock) {
			this.started = true;
			injected = new LinkedHashMap<>(this.unchecked);
			this.unchecked.clear();
		}
		injected.forEach(this::check);
		ConfigurableListableBeanFactory beanFactory = this.beanFactory;
		if (beanFactory != null) {
			for (String name : beanFactory.getBeanNamesForType(Egress.class, true, false)) {
				check(beanFactory.getBean(name, Egress.class), "bean '" + name + "'");
			}
		}
	}

	private void check(Egress<?> egress, String origin) {
		this.functions.ifUnique((registry) -> FunctionLookup.require(registry, origin, egress));
	}

	private static Type typeOf(InjectionPoint point, String origin) {
		ResolvableType injected = (point instanceof DependencyDescriptor dependency) ? dependency.getResolvableType()
				: ResolvableType.NONE;
		ResolvableType value = injected.as(Egress.class).getGeneric();
		@Nullable Class<?> known = value.resolve();
		if (known == null) {
			throw new InvalidDeclarationException(
					"An Egress is injected into " + origin + " without the type of its values",
					"Declare it, as in Egress<Order>", null);
		}
		Type type = value.getType();
		return DeclaredTypes.of(Object.class).resolve((type instanceof TypeVariable) ? known : type);
	}

	private static String describe(Member member) {
		String owner = member.getDeclaringClass().getName();
		return (member instanceof Constructor) ? "the constructor of '" + owner + "'"
				: "'" + owner + "." + member.getName() + "'";
	}

	/**
	 * Receives the injection point for which an egress is made: Spring gives it to a bean
	 * that it creates for that.
	 *
	 * @param point the injection point
	 */
	record Receiver(InjectionPoint point) {

	}

}
