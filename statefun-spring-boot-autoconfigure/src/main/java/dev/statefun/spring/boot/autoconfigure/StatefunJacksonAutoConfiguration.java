package dev.statefun.spring.boot.autoconfigure;

import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.spring.json.JsonMessageCodecs;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for JSON messages and states.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = StatefunAutoConfiguration.class,
		afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnClass(JsonMapper.class)
@ConditionalOnBean(JsonMapper.class)
@ConditionalOnBooleanProperty(name = "statefun.enabled", matchIfMissing = true)
public final class StatefunJacksonAutoConfiguration {

	// A JsonEncoder of the application goes first
	@Bean
	@Fallback
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	JsonMessageCodecs statefunJsonMessageCodecs(@Qualifier("statefun") ObjectProvider<JsonMapper> own,
			BeanFactory beanFactory) {
		return new JsonMessageCodecs(() -> {
			// One of this context before those of its ancestors
			JsonMapper mapper = own.getIfUnique(beanFactory.getBeanProvider(JsonMapper.class)::getIfUnique);
			if (mapper == null) {
				throw new InvalidDeclarationException(
						"There are several JsonMapper beans, and none of them is the one for messages and states",
						"Mark one of them with @Qualifier(\"statefun\"), or with @Primary", null);
			}
			return mapper;
		});
	}

}
