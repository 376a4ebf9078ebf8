package dev.statefun.spring.boot.autoconfigure.validation;

import dev.statefun.sdk.registry.MessageValidator;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.validation.ConstraintMessageValidator;
import jakarta.validation.Validator;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the validation of messages whose parameter is marked with
 * {@code @Valid}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = StatefunAutoConfiguration.class,
		afterName = "org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration")
@ConditionalOnClass(Validator.class)
@ConditionalOnSingleCandidate(Validator.class)
@ConditionalOnBooleanProperty(name = "statefun.enabled", matchIfMissing = true)
public final class StatefunValidationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(MessageValidator.class)
	ConstraintMessageValidator statefunMessageValidator(Validator validator) {
		return new ConstraintMessageValidator(validator);
	}

}
