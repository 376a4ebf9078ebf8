package dev.statefun.spring.boot.autoconfigure.web;

import dev.statefun.spring.boot.autoconfigure.internal.Ancestors;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Does not match in a child of a context that has Spring MVC's servlet, unless the child
 * has one as well: Boot does not configure another one there, so the server of the child
 * would not answer.
 */
final class OnOwnSpringMvcCondition extends SpringBootCondition implements ConfigurationCondition {

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("own Spring MVC");
		ConfigurableListableBeanFactory own = context.getBeanFactory();
		if (own == null || hasServlet(own)) {
			return ConditionOutcome.match(message.because("the context may have a DispatcherServlet"));
		}
		return Ancestors.of(own).stream().anyMatch(OnOwnSpringMvcCondition::hasServlet)
				? ConditionOutcome.noMatch(message.because("only an ancestor has a DispatcherServlet"))
				: ConditionOutcome.match(message.because("no context has a DispatcherServlet bean"));
	}

	private static boolean hasServlet(ConfigurableListableBeanFactory beanFactory) {
		return beanFactory.getBeanNamesForType(DispatcherServlet.class, true, false).length > 0;
	}

}
