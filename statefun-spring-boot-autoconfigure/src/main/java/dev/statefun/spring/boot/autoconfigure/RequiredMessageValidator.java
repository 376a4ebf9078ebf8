package dev.statefun.spring.boot.autoconfigure;

import java.util.List;
import java.util.function.Supplier;

import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.registry.MessageValidator;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Finds the application's validator once a handler needs it, and explains how to add one
 * if there is none.
 */
final class RequiredMessageValidator implements Supplier<MessageValidator> {

	/** May be absent. */
	private static final String VALIDATOR = "jakarta.validation.Validator";

	private final ConfigurableListableBeanFactory beanFactory;

	RequiredMessageValidator(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public MessageValidator get() {
		MessageValidator validator = this.beanFactory.getBeanProvider(MessageValidator.class).getIfUnique();
		if (validator == null) {
			throw missing();
		}
		return validator;
	}

	private InvalidDeclarationException missing() {
		List<String> own = namesOf(MessageValidator.class);
		if (!own.isEmpty()) {
			return invalid("there are several MessageValidator beans, " + own + ", and none of them is primary",
					"Mark one of them with @Primary");
		}
		List<String> validators = namesOf(validatorType());
		if (validators.isEmpty()) {
			return invalid("there is no Validator bean",
					"Add the dependency 'org.springframework.boot:spring-boot-starter-validation', or declare a "
							+ "MessageValidator bean");
		}
		if (validators.size() > 1) {
			return invalid("there are several Validator beans, " + validators + ", and none of them is primary",
					"Mark one of them with @Primary, or declare a MessageValidator bean");
		}
		return invalid("there is no MessageValidator bean",
				"Declare one, or let StatefunValidationAutoConfiguration declare it: it uses the Validator bean '"
						+ validators.get(0) + "'");
	}

	private @Nullable Class<?> validatorType() {
		ClassLoader classLoader = this.beanFactory.getBeanClassLoader();
		return ClassUtils.isPresent(VALIDATOR, classLoader) ? ClassUtils.resolveClassName(VALIDATOR, classLoader)
				: null;
	}

	private List<String> namesOf(@Nullable Class<?> type) {
		return (type != null)
				? List.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, type, true, false))
				: List.of();
	}

	private static InvalidDeclarationException invalid(String problem, String action) {
		return new InvalidDeclarationException("the message is marked with @Valid, but " + problem, action, null);
	}

}
