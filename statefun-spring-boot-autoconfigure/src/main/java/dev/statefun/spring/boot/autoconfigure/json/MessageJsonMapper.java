package dev.statefun.spring.boot.autoconfigure.json;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.function.Supplier;

import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.spring.boot.autoconfigure.internal.Ancestors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.core.log.LogMessage;

/**
 * Chooses the mapper that reads and writes messages and states in JSON. A record that has
 * gained a primitive component since a state was written must still read that state, so
 * the mapper of Boot is copied, and the copy uses zero for absent values. A mapper of the
 * application is used as it is, with a warning at start-up if it rejects absent values.
 */
final class MessageJsonMapper implements Supplier<JsonMapper>, SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(MessageJsonMapper.class);

	private static final String BOOT = "org.springframework.boot.jackson.autoconfigure";

	private static final Bindable<Map<DeserializationFeature, Boolean>> FEATURES = Bindable
		.mapOf(DeserializationFeature.class, Boolean.class);

	private final ObjectProvider<JsonMapper> qualified;

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	/** Bean that rejects absent primitives, if messages were mapped by then. */
	private volatile @Nullable String refusing;

	/**
	 * Create a choice.
	 * @param qualified mappers that are qualified for messages
	 * @param beanFactory provides all mappers
	 * @param environment provides the settings of Boot's mapper
	 */
	MessageJsonMapper(ObjectProvider<JsonMapper> qualified, ConfigurableListableBeanFactory beanFactory,
			Environment environment) {
		this.qualified = qualified;
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	@Override
	public JsonMapper get() {
		// A mapper of this context takes precedence over those of ancestors
		JsonMapper mapper = this.qualified.getIfUnique(this.beanFactory.getBeanProvider(JsonMapper.class)::getIfUnique);
		if (mapper == null) {
			throw new InvalidDeclarationException(
					"There are several JsonMapper beans, and none of them is the one for messages and states",
					"Mark one of them with @Qualifier(\"statefun\"), or with @Primary", null);
		}
		return mapper.isEnabled(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES) ? growing(mapper) : mapper;
	}

	private JsonMapper growing(JsonMapper mapper) {
		Bean bean = Bean.of(mapper, this.beanFactory);
		if (!bean.isOfBoot()) {
			this.refusing = bean.name();
			return mapper;
		}
		boolean decided = Binder.get(this.environment)
			.bind("spring.jackson.deserialization", FEATURES)
			.orElseGet(Map::of)
			.containsKey(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
		return decided ? mapper : mapper.rebuild().disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();
	}

	// Not at the first use of the mapper: that may be later, for the JSON of a record
	@Override
	public void afterSingletonsInstantiated() {
		if (this.refusing != null) {
			logger.warn(LogMessage.format("JsonMapper bean '%s' reads messages and states, and refuses JSON without a "
					+ "value for a primitive property: states and messages that were written before a class got such a "
					+ "property can't be read. Disable DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES in it, or give "
					+ "new properties types that can be null, such as Integer.", this.refusing));
		}
	}

	/**
	 * Origin of a mapper.
	 *
	 * @param name name of the bean
	 * @param factoryMethod the method that made it, if it was one
	 */
	private record Bean(String name, @Nullable Method factoryMethod) {

		private static Bean of(JsonMapper mapper, ConfigurableListableBeanFactory beanFactory) {
			for (ConfigurableListableBeanFactory level : Ancestors.withSelf(beanFactory)) {
				for (String name : level.getBeanNamesForType(JsonMapper.class, true, false)) {
					if (level.getSingleton(name) == mapper) {
						return new Bean(name, factoryMethodOf(name, level));
					}
				}
			}
			return new Bean("jsonMapper", null);
		}

		// Also known for definitions processed ahead of time, which have a supplier in
		// its place
		private static @Nullable Method factoryMethodOf(String name, ConfigurableListableBeanFactory level) {
			return (level.containsBeanDefinition(name)
					&& level.getMergedBeanDefinition(name) instanceof RootBeanDefinition definition)
							? definition.getResolvedFactoryMethod() : null;
		}

		private boolean isOfBoot() {
			return this.factoryMethod != null && this.factoryMethod.getDeclaringClass().getPackageName().equals(BOOT);
		}

	}

}
