package dev.statefun.spring.boot.autoconfigure.json;

import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.json.JsonMessageCodecs;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.env.Environment;

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

	@Bean
	MessageJsonMapper statefunMessageJsonMapper(@Qualifier("statefun") ObjectProvider<JsonMapper> qualified,
			ConfigurableListableBeanFactory beanFactory, Environment environment) {
		return new MessageJsonMapper(qualified, beanFactory, environment);
	}

	// A JsonEncoder of the application takes precedence
	@Bean
	@Fallback
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	JsonMessageCodecs statefunJsonMessageCodecs(MessageJsonMapper mapper) {
		return new JsonMessageCodecs(mapper);
	}

}
